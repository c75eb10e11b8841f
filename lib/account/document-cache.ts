import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { gunzipJson, gzipJson } from '../act/gzip-json.ts';
import type { EpochSeconds } from '../model/units.ts';

/** Keeps what is dear to ask for again. It never fails: what cannot be kept is asked for again. */
export interface DocumentCache {
  /** Undefined: not kept, or written before `notBefore`. */
  get(key: string, notBefore: EpochSeconds): Promise<unknown>;
  put(key: string, document: unknown, at: EpochSeconds): Promise<void>;
}

/** In files of one directory, for the CLI. */
export const fileCache = (directory: string): DocumentCache => {
  const fileOf = (key: string): string =>
    join(directory, `${createHash('sha256').update(key).digest('hex').slice(0, 24)}.json`);
  return {
    get: async (key, notBefore) => {
      try {
        const kept = JSON.parse(readFileSync(fileOf(key), 'utf8')) as Kept;
        return kept.key === key && kept.at >= notBefore ? kept.document : undefined;
      } catch {
        return undefined;
      }
    },
    put: async (key, document, at) => {
      try {
        mkdirSync(directory, { recursive: true });
        writeFileSync(fileOf(key), `${JSON.stringify({ key, at, document } satisfies Kept)}\n`);
      } catch {
        // Only dearer next time.
      }
    },
  };
};

interface Kept {
  readonly key: string;
  readonly at: EpochSeconds;
  readonly document: unknown;
}

/** As items of the state table (`REPORT` / the key), for the report function. They go after 30 days. */
export const tableCache = (dynamo: DynamoDBClient, table: string): DocumentCache => ({
  get: async (key, notBefore) => {
    try {
      const { Item } = await dynamo.send(
        new GetItemCommand({ TableName: table, Key: { pk: { S: 'REPORT' }, sk: { S: key } } }),
      );
      const body = Item?.body?.B;
      return body !== undefined && Number(Item?.at?.N) >= notBefore ? await gunzipJson(body) : undefined;
    } catch {
      return undefined;
    }
  },
  put: async (key, document, at) => {
    try {
      await dynamo.send(
        new PutItemCommand({
          TableName: table,
          Item: {
            pk: { S: 'REPORT' },
            sk: { S: key },
            at: { N: String(at) },
            ttl: { N: String(Math.floor(at) + 30 * 86_400) },
            body: { B: await gzipJson(document) },
          },
        }),
      );
    } catch {
      // Only dearer next time.
    }
  },
});
