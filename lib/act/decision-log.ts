import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { DecisionRecord } from '../model/decision.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { describeError } from '../observe/time-box.ts';
import { gunzipLines, gzipLines } from './gzip-json.ts';
import { flushEverySeconds, JournalBuffer } from './journal-buffer.ts';

export const logRetentionSeconds: Seconds = 90 * 24 * 3600;

/** Writes the decision log: packs of gzipped JSON lines, one item each. */
export class DecisionLog {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #buffer: JournalBuffer;

  /** @param flushSeconds how long a tick without action may stay in memory */
  constructor(dynamo: DynamoDBClient, table: string, flushSeconds: Seconds = flushEverySeconds) {
    this.#dynamo = dynamo;
    this.#table = table;
    this.#buffer = new JournalBuffer(flushSeconds);
  }

  /** Rejects when a pack could not be written; it stays in memory and is tried again with the next tick. */
  async write(records: readonly DecisionRecord[], now: EpochSeconds, abortSignal: AbortSignal): Promise<void> {
    const packs = this.#buffer.add(records, now);
    const failures = await Promise.all(packs.map((pack) => this.#put(pack, abortSignal)));
    const failed = failures.filter((failure) => failure !== undefined);
    if (failed.length > 0) throw new Error(`${failed.length} packs of the decision log were not written: ${failed[0]}`);
  }

  async #put(pack: readonly DecisionRecord[], abortSignal: AbortSignal): Promise<string | undefined> {
    try {
      const Item = await toItem(pack);
      await this.#dynamo.send(new PutItemCommand({ TableName: this.#table, Item }), { abortSignal });
      this.#buffer.written(pack);
      return undefined;
    } catch (error) {
      return describeError(error);
    }
  }
}

/** The log of one service with `from <= now < to`, oldest first. For `why`, `log` and `replay`. */
export async function readLog(
  dynamo: DynamoDBClient,
  table: string,
  service: string,
  from: EpochSeconds,
  to: EpochSeconds,
): Promise<readonly DecisionRecord[]> {
  const records: DecisionRecord[] = [];
  for (const day of daysOf(from - longestPackSeconds, to)) {
    const pages = paginateQuery(
      { client: dynamo },
      {
        TableName: table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk': { S: `LOG#${service}#${day}` },
          ':from': { S: isoMs(from - longestPackSeconds) },
          ':to': { S: isoMs(to) },
        },
      },
    );
    for await (const page of pages) {
      for (const item of page.Items ?? []) records.push(...(await recordsIn(item)));
    }
  }
  return records
    .filter(({ observation }) => observation.now >= from && observation.now < to)
    .sort((a, b) => a.observation.now - b.observation.now);
}

/** A pack is found by its first record; it may reach this far beyond. */
const longestPackSeconds: Seconds = 3600;

async function toItem(pack: readonly DecisionRecord[]): Promise<Record<string, AttributeValue>> {
  const first = pack[0];
  const last = pack.at(-1);
  if (first === undefined || last === undefined) throw new Error('a pack has at least one record');
  const from = first.observation.now;
  return {
    pk: { S: `LOG#${first.decision.service}#${isoMs(from).slice(0, 10)}` },
    sk: { S: `${isoMs(from)}#${first.tick}` },
    body: { B: await gzipLines(pack) },
    from: { N: String(from) },
    to: { N: String(last.observation.now) },
    count: { N: String(pack.length) },
    actions: { N: String(pack.filter(({ decision }) => decision.kind === 'scale' && !decision.shadow).length) },
    ttl: { N: String(Math.ceil(from) + logRetentionSeconds) },
  };
}

async function recordsIn(item: Record<string, AttributeValue>): Promise<readonly DecisionRecord[]> {
  return item.body?.B === undefined ? [] : ((await gunzipLines(item.body.B)) as readonly DecisionRecord[]);
}

function daysOf(from: EpochSeconds, to: EpochSeconds): readonly string[] {
  const days: string[] = [];
  const daySeconds = 24 * 3600;
  for (let day = Math.floor(from / daySeconds); day <= Math.floor(to / daySeconds); day++) {
    days.push(isoMs(day * daySeconds).slice(0, 10));
  }
  return days;
}

const isoMs = (at: EpochSeconds): string => new Date(at * 1000).toISOString();
