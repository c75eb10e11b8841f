import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { EpochSeconds } from '../../model/units.ts';
import type { BeaconPort, BeatOutcome } from '../ports.ts';
import type { WorkTotals } from './work-totals.ts';

/**
 * The beacon port on DynamoDB: `ADD` to the item `SVC#<service>` / `WORK`.
 * The client must have `maxAttempts: 1`: the SDK repeats a call that timed out, and this one must not be repeated.
 */
export const dynamoBeacon = (client: DynamoDBClient, table: string, service: string): BeaconPort => ({
  add: async (totals, at) => {
    try {
      await client.send(updateOf(table, service, totals, at));
      return 'applied';
    } catch (error) {
      return beatOutcome(error);
    }
  },
});

const updateOf = (table: string, service: string, totals: WorkTotals, at: EpochSeconds): UpdateItemCommand => {
  const entries = Object.entries(totals);
  return new UpdateItemCommand({
    TableName: table,
    Key: { pk: { S: `SVC#${service}` }, sk: { S: 'WORK' } },
    UpdateExpression: `SET #at = :at ADD ${entries.map((_, i) => `#n${i} :v${i}`).join(', ')}`,
    ExpressionAttributeNames: { '#at': 'at', ...Object.fromEntries(entries.map(([name], i) => [`#n${i}`, name])) },
    ExpressionAttributeValues: {
      ':at': { N: String(Math.floor(at)) },
      ...Object.fromEntries(entries.map(([, value], i) => [`:v${i}`, { N: String(value) }])),
    },
  });
};

/** Failures before anything was sent. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CredentialsProviderError']);

/** A 4xx answer means that nothing was written; anything that came after sending leaves it open. */
export const beatOutcome = (error: unknown): BeatOutcome => {
  const { name, code, $metadata } = (error ?? {}) as {
    readonly name?: string;
    readonly code?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  if (status >= 400 && status < 500) return 'refused';
  return neverSent.has(code ?? '') || neverSent.has(name ?? '') ? 'refused' : 'unknown';
};
