import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  paginateQuery,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { ServiceBinding } from '../model/binding.ts';
import type { HourlyRollup } from '../model/hourly-rollup.ts';
import type { TaskSize } from '../model/plan.ts';
import type { WorkTotals } from '../model/shard.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { describeError } from '../observe/time-box.ts';
import { fargatePrice } from '../report/fargate-price.ts';
import { flushEverySeconds } from './journal-buffer.ts';
import { type Batch, RollupBuffer, type Snapshot } from './rollup-buffer.ts';
import { type Counts, parseHour, rollupRetentionSeconds, sumsOf, toMap, toRollup } from './rollup-item.ts';
import { hourName, incrementsOf, type UsageSpan } from './usage-increment.ts';

/** One service's usage in one tick. */
export interface ServiceUsage extends Pick<UsageSpan, 'from' | 'to' | 'arrivals' | 'tasks' | 'scaled'> {
  readonly binding: Pick<ServiceBinding, 'plan'>;
  /** As observed. Absent: the plan's own. */
  readonly size?: TaskSize;
  readonly totals?: WorkTotals;
}

/**
 * Hourly rollups. Sums (arrivals, task-seconds, USD, actions) are added under an id, so that writers beside each other and
 * retries are harmless; a warm function that dies takes at most `flushSeconds` of them with it, and `observedSeconds`
 * shows it. Jobs and waits are snapshots of the workers' own totals, which only grow: of them nothing is ever lost.
 */
export class DynamoRollups {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #region: string;
  readonly #buffer: RollupBuffer;
  /** Hours that have their base; reading it costs a query. */
  readonly #based = new Set<string>();

  constructor(dynamo: DynamoDBClient, table: string, region: string, flushSeconds: Seconds = flushEverySeconds) {
    this.#dynamo = dynamo;
    this.#table = table;
    this.#region = region;
    this.#buffer = new RollupBuffer(flushSeconds, () => randomUUID().slice(0, 8));
  }

  /** Rejects when something could not be written; it is tried again with the next tick. */
  async write(usage: readonly ServiceUsage[], now: EpochSeconds, abortSignal: AbortSignal): Promise<void> {
    for (const one of usage) this.#add(one, now);
    const { batches, snapshots } = this.#buffer.due(now);
    const failures = await Promise.all([
      ...batches.map((batch) => this.#attempt(batch, this.#addSums(batch, abortSignal))),
      ...snapshots.map((snapshot) => this.#attempt(snapshot, this.#keepTotals(snapshot, abortSignal))),
    ]);
    const failed = failures.filter((failure) => failure !== undefined);
    if (failed.length > 0) throw new Error(`${failed.length} rollups were not written: ${failed[0]}`);
  }

  #add({ binding, totals, size, ...span }: ServiceUsage, now: EpochSeconds): void {
    const { service, worker } = binding.plan;
    const price = fargatePrice(this.#region, worker.architecture);
    this.#buffer.add(
      service,
      incrementsOf({ ...span, size: size ?? { cpu: worker.cpu, memoryMiB: worker.memoryMiB }, price }),
      price !== undefined,
      totals?.counts,
      now,
    );
  }

  async #attempt(what: Batch | Snapshot, writing: Promise<void>): Promise<string | undefined> {
    try {
      await writing;
      this.#buffer.written(what);
      return undefined;
    } catch (error) {
      return describeError(error);
    }
  }

  async #addSums({ id, service, increment, priced }: Batch, abortSignal: AbortSignal): Promise<void> {
    const sums = Object.entries(sumsOf(increment));
    const adds = ['#flushes :id', ...sums.map((_, i) => `#s${i} :s${i}`)];
    const sets = ['#ttl = :ttl', ...(priced ? [] : ['#unpriced = :true'])];
    await this.#updateUnless(
      {
        TableName: this.#table,
        Key: hourKey(service, increment.hour),
        UpdateExpression: `SET ${sets.join(', ')} ADD ${adds.join(', ')}`,
        // Applied before, by an attempt whose answer was lost: then it is done.
        ConditionExpression: 'NOT contains(#flushes, :text)',
        ExpressionAttributeNames: {
          '#ttl': 'ttl',
          '#flushes': 'flushes',
          ...(priced ? {} : { '#unpriced': 'unpriced' }),
          ...Object.fromEntries(sums.map(([name], i) => [`#s${i}`, name])),
        },
        ExpressionAttributeValues: {
          ':ttl': { N: String(ttlOf(increment.hour)) },
          ':id': { SS: [id] },
          ':text': { S: id },
          ...(priced ? {} : { ':true': { BOOL: true } }),
          ...Object.fromEntries(sums.map(([, n], i) => [`:s${i}`, { N: String(n) }])),
        },
      },
      abortSignal,
    );
  }

  /** The sum of all totals grows with each of them, so of two snapshots the one with the larger sum is the later. */
  async #keepTotals({ service, hour, totals }: Snapshot, abortSignal: AbortSignal): Promise<void> {
    const sum = Object.values(totals).reduce((a, b) => a + b, 0);
    if (sum === 0) return;
    const hourId = `${service}#${hour}`;
    const base = this.#based.has(hourId)
      ? undefined
      : ((await totalsBefore(this.#dynamo, this.#table, service, hour, abortSignal)) ?? {});
    const setBase = base === undefined ? '' : ', #base = if_not_exists(#base, :base)';
    await this.#updateUnless(
      {
        TableName: this.#table,
        Key: hourKey(service, hour),
        UpdateExpression: `SET #totals = :totals, #totalsSum = :sum, #ttl = :ttl${setBase}`,
        ConditionExpression: 'attribute_not_exists(#totalsSum) OR #totalsSum < :sum',
        ExpressionAttributeNames: {
          '#totals': 'totals',
          '#totalsSum': 'totalsSum',
          '#ttl': 'ttl',
          ...(base === undefined ? {} : { '#base': 'base' }),
        },
        ExpressionAttributeValues: {
          ':totals': { M: toMap(totals) },
          ':sum': { N: String(sum) },
          ':ttl': { N: String(ttlOf(hour)) },
          ...(base === undefined ? {} : { ':base': { M: toMap(base) } }),
        },
      },
      abortSignal,
    );
    this.#based.add(hourId);
  }

  async #updateUnless(update: UpdateItemCommandInput, abortSignal: AbortSignal): Promise<void> {
    try {
      await this.#dynamo.send(new UpdateItemCommand(update), { abortSignal });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

/** Hours that begin with `from <= start < to`, oldest first. Hours in which nothing was written are left out. */
export async function readRollups(
  dynamo: DynamoDBClient,
  table: string,
  service: string,
  from: EpochSeconds,
  to: EpochSeconds,
): Promise<readonly HourlyRollup[]> {
  const first = hourName(Math.ceil(from / 3600) * 3600);
  let before = await totalsBefore(dynamo, table, service, first);
  const rollups: HourlyRollup[] = [];
  const pages = paginateQuery(
    { client: dynamo },
    {
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':pk': { S: `SVC#${service}` },
        ':from': { S: `HOUR#${first}` },
        // BETWEEN has its end in it; one second earlier lies in the hour before.
        ':to': { S: `HOUR#${hourName(Math.ceil(to / 3600) * 3600 - 1)}` },
      },
    },
  );
  for await (const page of pages) {
    for (const item of page.Items ?? []) {
      const stored = parseHour(item);
      rollups.push(toRollup(service, stored, before));
      before = stored.totals ?? before;
    }
  }
  return rollups;
}

/** The last totals of any hour before this one. Absent: there are none within two days of written hours. */
async function totalsBefore(
  dynamo: DynamoDBClient,
  table: string,
  service: string,
  hour: string,
  abortSignal?: AbortSignal,
): Promise<Counts | undefined> {
  const { Items = [] } = await dynamo.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':pk': { S: `SVC#${service}` },
        ':from': { S: 'HOUR#' },
        ':to': { S: `HOUR#${hourName(Date.parse(`${hour}:00:00Z`) / 1000 - 1)}` },
      },
      ScanIndexForward: false,
      Limit: 48,
    }),
    abortSignal === undefined ? {} : { abortSignal },
  );
  return Items.map(parseHour).find((stored) => stored.totals !== undefined)?.totals;
}

const hourKey = (service: string, hour: string): Record<string, AttributeValue> => ({
  pk: { S: `SVC#${service}` },
  sk: { S: `HOUR#${hour}` },
});

const ttlOf = (hour: string): number => Date.parse(`${hour}:00:00Z`) / 1000 + rollupRetentionSeconds;
