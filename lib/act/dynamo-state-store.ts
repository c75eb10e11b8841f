import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AlertCommit, ShardState, StoredLearnt } from '../model/shard.ts';
import type { HotState, LearntState } from '../model/state.ts';
import type { EpochSeconds } from '../model/units.ts';
import { packAlerts, unpackAlerts } from './alert-pack.ts';
import { gunzipJson, gzipJson } from './gzip-json.ts';
import { packHot, unpackHot } from './hot-pack.ts';

/** State of shards and services in the one table. All times of hot state are kept to the millisecond. */
export class DynamoStateStore {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;

  constructor(dynamo: DynamoDBClient, table: string) {
    this.#dynamo = dynamo;
    this.#table = table;
  }

  /** Strongly consistent. A shard that was never written is version 0. */
  async load(shard: string, abortSignal: AbortSignal): Promise<ShardState> {
    const item = await this.#get(hotKey(shard), abortSignal);
    const services = Object.entries(item?.services?.M ?? {}).flatMap(([service, packed]) => {
      const hot = unpackHot(packed.S ?? '');
      return hot === undefined ? [] : [[service, hot] as const];
    });
    return {
      version: toNumber(item?.version),
      sentUntil: toNumber(item?.sentUntil),
      services: Object.fromEntries(services),
      ...alertsIn(item),
    };
  }

  /**
   * Writes the shard's hot state if it is still the one that was read. `lost`: somebody else was first, nothing was written.
   * Safe to be retried underneath: an attempt that did arrive, though its answer did not, is known again by its mark.
   */
  async commit(
    shard: string,
    readVersion: number,
    services: Readonly<Record<string, HotState>>,
    at: EpochSeconds,
    abortSignal: AbortSignal,
    alerts?: AlertCommit,
  ): Promise<'committed' | 'lost'> {
    const mark = randomUUID().slice(0, 13);
    const clauses = alertClauses(alerts);
    const packed = Object.entries(services).map(([service, hot]) => [service, { S: packHot(hot) }] as const);
    try {
      await this.#dynamo.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: hotKey(shard),
          UpdateExpression: `SET #version = :next, #at = :at, #by = :by, #services = :services${clauses.text}`,
          ConditionExpression: readVersion === 0 ? 'attribute_not_exists(#version)' : '#version = :read',
          ExpressionAttributeNames: {
            '#version': 'version',
            '#at': 'at',
            '#by': 'by',
            '#services': 'services',
            ...clauses.names,
          },
          ExpressionAttributeValues: {
            ':next': { N: String(readVersion + 1) },
            ':at': { N: String(at) },
            ':by': { S: mark },
            ':services': { M: Object.fromEntries(packed) },
            ...clauses.values,
            ...(readVersion === 0 ? {} : { ':read': { N: String(readVersion) } }),
          },
        }),
        { abortSignal },
      );
      return 'committed';
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const winner = await this.#get(hotKey(shard), abortSignal);
      return winner?.by?.S === mark ? 'committed' : 'lost';
    }
  }

  /** Remembers up to where ticks were sent; an earlier instant than the one it has changes nothing. */
  async markSent(shard: string, until: EpochSeconds, abortSignal: AbortSignal): Promise<void> {
    await this.#forward(hotKey(shard), 'sentUntil', until, {}, abortSignal);
  }

  /** A set, not a watermark: of two writers the slower one may have the older claim. */
  async markTold(shard: string, version: number, abortSignal: AbortSignal): Promise<void> {
    await this.#dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: hotKey(shard),
        UpdateExpression: 'ADD #told :told',
        ExpressionAttributeNames: { '#told': 'told' },
        ExpressionAttributeValues: { ':told': { NS: [String(version)] } },
      }),
      { abortSignal },
    );
  }

  /** Absent: nothing was ever learnt, or it does not read any more. */
  async loadLearnt(service: string, abortSignal: AbortSignal): Promise<StoredLearnt | undefined> {
    const item = await this.#get(learntKey(service), abortSignal);
    const body = item?.body?.B;
    if (body === undefined) return undefined;
    return { at: toNumber(item?.at), learnt: (await gunzipJson(body)) as LearntState };
  }

  /** An older state never replaces a newer one. */
  async saveLearnt(service: string, stored: StoredLearnt, abortSignal: AbortSignal): Promise<void> {
    const body = { B: await gzipJson(stored.learnt) };
    await this.#forward(learntKey(service), 'at', stored.at, { body }, abortSignal);
  }

  async #get(Key: Record<string, AttributeValue>, abortSignal: AbortSignal) {
    const { Item } = await this.#dynamo.send(
      new GetItemCommand({ TableName: this.#table, Key, ConsistentRead: true }),
      { abortSignal },
    );
    return Item;
  }

  /** Sets `name` and what belongs to it, unless the item is further already. */
  async #forward(
    Key: Record<string, AttributeValue>,
    name: 'at' | 'sentUntil',
    to: EpochSeconds,
    others: Readonly<Record<string, AttributeValue>>,
    abortSignal: AbortSignal,
  ): Promise<void> {
    const all = Object.entries({ ...others, [name]: { N: String(to) } });
    try {
      await this.#dynamo.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key,
          UpdateExpression: `SET ${all.map(([key]) => `#${key} = :${key}`).join(', ')}`,
          ConditionExpression: `attribute_not_exists(#${name}) OR #${name} < :${name}`,
          ExpressionAttributeNames: Object.fromEntries(all.map(([key]) => [`#${key}`, key])),
          ExpressionAttributeValues: Object.fromEntries(all.map(([key, value]) => [`:${key}`, value])),
        }),
        { abortSignal },
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

const alertsIn = (item: Record<string, AttributeValue> | undefined): Pick<ShardState, 'alerts' | 'told'> => {
  const alerts = Object.entries(item?.alerts?.M ?? {}).flatMap(([service, packed]) => {
    const states = unpackAlerts(packed.S ?? '');
    return states.length === 0 ? [] : [[service, states] as const];
  });
  const told = (item?.told?.NS ?? []).map(Number);
  return {
    ...(alerts.length > 0 && { alerts: Object.fromEntries(alerts) }),
    ...(told.length > 0 && { told }),
  };
};

/** Nothing is written of alerts while there are none: the item stays small. */
const alertClauses = (alerts: AlertCommit | undefined) => {
  if (alerts === undefined) return { text: '', names: {}, values: {} };
  const packed = Object.entries(alerts.states).map(
    ([service, states]) => [service, { S: packAlerts(states) }] as const,
  );
  const none = packed.length === 0;
  const folds = alerts.folded.length > 0;
  return {
    text: `${none ? ' REMOVE #alerts' : ', #alerts = :alerts'}${folds ? ' DELETE #told :folded' : ''}`,
    names: { '#alerts': 'alerts', ...(folds && { '#told': 'told' }) },
    values: {
      ...(!none && { ':alerts': { M: Object.fromEntries(packed) } }),
      ...(folds && { ':folded': { NS: alerts.folded.map(String) } }),
    },
  };
};

const hotKey = (shard: string) => ({ pk: { S: `SHARD#${shard}` }, sk: { S: 'HOT' } });
const learntKey = (service: string) => ({ pk: { S: `SVC#${service}` }, sk: { S: 'LEARNT' } });
const toNumber = (value: AttributeValue | undefined): number => Number(value?.N ?? 0);
