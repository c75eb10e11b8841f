import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { EpochSeconds, Seconds } from '../model/units.ts';

/** Somebody else is at it right now. Worth another try later. */
export class OnceBusy extends Error {
  constructor(key: string) {
    super(`somebody else is doing ${key} right now`);
    this.name = 'OnceBusy';
  }
}

export interface OnceClaim {
  readonly key: string;
  /** Whoever has a higher number takes over at once from a lower one, which is known to be dead or cut off. */
  readonly attempt: number;
  readonly now: EpochSeconds;
  /** So long nobody else with the same number does it. */
  readonly holdSeconds: Seconds;
}

/**
 * Does something that must take effect once, and keeps what it gave (as JSON): whoever comes again gets that and does
 * nothing. When `fn` throws, the claim is given back.
 *
 * A process that dies after the effect and before it is noted has it done again: nobody can prevent that from outside.
 * So `fn` gets a key that is the same each time, for the other side to know the repetition by.
 */
export interface Once {
  /** @throws OnceBusy */
  run<T>(claim: OnceClaim, fn: (idempotencyKey: string) => Promise<T>): Promise<T>;
}

export const dynamoOnce = (dynamo: DynamoDBClient, table: string): Once => {
  const write = async (claim: OnceClaim, by: string): Promise<boolean> => {
    try {
      await dynamo.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(claim.key),
          UpdateExpression: 'SET #state = :running, attempt = :attempt, heldUntil = :until, #by = :by, #ttl = :ttl',
          ConditionExpression:
            'attribute_not_exists(pk) OR #state = :free OR (#state = :running AND (heldUntil <= :now OR attempt < :attempt))',
          ExpressionAttributeNames: { '#state': 'state', '#by': 'by', '#ttl': 'ttl' },
          ExpressionAttributeValues: {
            ':by': { S: by },
            ':running': { S: 'running' },
            ':free': { S: 'free' },
            ':attempt': { N: String(claim.attempt) },
            ':now': { N: String(claim.now) },
            ':until': { N: String(claim.now + claim.holdSeconds) },
            ':ttl': { N: String(Math.ceil(claim.now + keepSeconds)) },
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
  const read = async (key: string) => {
    const { Item } = await dynamo.send(new GetItemCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true }));
    return Item;
  };
  const settle = async (claim: OnceClaim, changes: string, values: Record<string, { readonly S: string }>) => {
    try {
      await dynamo.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(claim.key),
          UpdateExpression: changes,
          ConditionExpression: '#state = :running AND attempt = :attempt',
          ExpressionAttributeNames: { '#state': 'state', ...(':value' in values ? { '#value': 'value' } : {}) },
          ExpressionAttributeValues: {
            ':running': { S: 'running' },
            ':attempt': { N: String(claim.attempt) },
            ...values,
          },
        }),
      );
    } catch (error) {
      // Somebody took over: what they note counts.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };

  return {
    run: async <T>(claim: OnceClaim, fn: (idempotencyKey: string) => Promise<T>): Promise<T> => {
      const by = randomUUID().slice(0, 13);
      if (!(await write(claim, by))) {
        const item = await read(claim.key);
        if (item?.state?.S === 'done') return parsed<T>(item.value?.S);
        // Else the SDK has repeated a write of ours that did arrive.
        if (item?.by?.S !== by) throw new OnceBusy(claim.key);
      }
      const value = await fn(claim.key).catch(async (error: unknown) => {
        await settle(claim, 'SET #state = :free', { ':free': { S: 'free' } });
        throw error;
      });
      await settle(claim, 'SET #state = :done, #value = :value', {
        ':done': { S: 'done' },
        ':value': { S: JSON.stringify(value) ?? '' },
      });
      return value;
    },
  };
};

const keepSeconds = 30 * 86_400;
const keyOf = (key: string) => ({ pk: { S: `ONCE#${key}` }, sk: { S: 'ONCE' } });
/** Nothing is not null. */
const parsed = <T>(text = ''): T => (text === '' ? undefined : JSON.parse(text)) as T;
