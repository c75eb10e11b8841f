import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { RateLimit } from '../../../model/job-api-plan.ts';
import { type Buckets, type Lease, moveMs, roofMs } from './buckets.ts';

/**
 * Buckets as items `LIMIT#<key>` of the jobs table: one write a lease. A bucket that is not full moves on from where it
 * is, a full one from now; which of the two it is, is guessed from what was seen last, and the item says so if not.
 */
export class DynamoBuckets implements Buckets {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  #lastFullAtMs = new Map<string, number>();

  constructor(dynamo: DynamoDBClient, table: string) {
    this.#dynamo = dynamo;
    this.#table = table;
  }

  async take(key: string, tokens: number, limit: RateLimit, nowMs: number): Promise<Lease> {
    let fullAtMs = this.#lastFullAtMs.get(key) ?? 0;
    for (let attempt = 0; attempt < attemptsMost; attempt++) {
      const moved = await this.#move(key, fullAtMs > nowMs, tokens, limit, nowMs);
      if (moved.granted) {
        this.#remember(key, moved.fullAtMs);
        return moved;
      }
      fullAtMs = moved.fullAtMs;
      if (fullAtMs > roofMs(tokens, limit, nowMs)) break;
    }
    this.#remember(key, fullAtMs);
    return { granted: false, fullAtMs };
  }

  async #move(key: string, draining: boolean, tokens: number, limit: RateLimit, nowMs: number): Promise<Lease> {
    const Key = { pk: { S: `LIMIT#${key}` }, sk: { S: 'LIMIT' } };
    const byMs = moveMs(tokens, limit);
    const ttl = Math.ceil(nowMs / 1000 + limit.burst / limit.perSecond) + keptSeconds;
    const write = draining
      ? {
          UpdateExpression: 'SET fullAt = fullAt + :by, #ttl = :ttl',
          ConditionExpression: 'fullAt > :now AND fullAt <= :roof',
          values: { ':by': byMs, ':now': nowMs, ':roof': roofMs(tokens, limit, nowMs), ':ttl': ttl },
        }
      : {
          UpdateExpression: 'SET fullAt = :next, #ttl = :ttl',
          ConditionExpression: 'attribute_not_exists(fullAt) OR fullAt <= :now',
          values: { ':next': nowMs + byMs, ':now': nowMs, ':ttl': ttl },
        };
    const { values, ...expressions } = write;
    try {
      const { Attributes } = await this.#dynamo.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key,
          ...expressions,
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: Object.fromEntries(
            Object.entries(values).map(([name, value]) => [name, { N: String(value) }]),
          ),
          ReturnValues: 'UPDATED_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { granted: true, fullAtMs: Number(Attributes?.fullAt?.N ?? nowMs + byMs) };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // The local DynamoDB does not send the item along.
      const item = error.Item ?? (await this.#dynamo.send(new GetItemCommand({ TableName: this.#table, Key }))).Item;
      return { granted: false, fullAtMs: Number(item?.fullAt?.N ?? 0) };
    }
  }

  #remember(key: string, fullAtMs: number): void {
    if (this.#lastFullAtMs.size >= keysMost) this.#lastFullAtMs.clear();
    this.#lastFullAtMs.set(key, fullAtMs);
  }
}

/** The first guess may be wrong once, and another instance may be quicker once. */
const attemptsMost = 3;
const keysMost = 10_000;
const keptSeconds = 120;
