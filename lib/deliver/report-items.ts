import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { AppliedStore, type AppliedWrite } from '../act/applied-store.ts';
import { DynamoLedger } from '../act/dynamo-ledger.ts';
import type { AppliedEntry } from '../model/applied.ts';
import type { EpochSeconds } from '../model/units.ts';
import type { LedgerEntry } from '../report/ledger/ledger.ts';

/** What the state table knows of reports: who has got which, and what became of their advice. */
export interface ReportItems {
  /** Channels that have got this week's report. */
  sentTo(week: string): Promise<ReadonlySet<string>>;
  markSent(week: string, channel: string, now: EpochSeconds): Promise<void>;
  readLedger(): Promise<readonly LedgerEntry[]>;
  /** What is applied to a service, if it still is what was seen. */
  writeApplied(service: string, seen: string | undefined, entry: AppliedEntry): Promise<AppliedWrite>;
  /** As the week that ended at `to` left it, decisions of people kept. Refused in silence when a later one has been kept. */
  writeLedger(entries: readonly LedgerEntry[], to: EpochSeconds): Promise<void>;
}

const partition = { S: 'REPORT' } as const;
/** A week's marks outlive every retry; the ledger stays. */
const marksKeptSeconds = 400 * 86_400;

/** Items `REPORT` / `WEEK#<week>` and `REPORT` / `LEDGER` (docs/architecture.md, "Table"). Rejects with the SDK's error. */
export const dynamoReportItems = (
  dynamo: DynamoDBClient,
  table: string,
  ledger = new DynamoLedger(dynamo, table),
): ReportItems => ({
  sentTo: async (week) => {
    const { Item } = await dynamo.send(
      new GetItemCommand({ TableName: table, Key: weekKey(week), ConsistentRead: true }),
    );
    return new Set(Item?.sent?.SS ?? []);
  },
  markSent: async (week, channel, now) => {
    await dynamo.send(
      new UpdateItemCommand({
        TableName: table,
        Key: weekKey(week),
        UpdateExpression: 'SET #ttl = :ttl ADD #sent :channel',
        ExpressionAttributeNames: { '#ttl': 'ttl', '#sent': 'sent' },
        ExpressionAttributeValues: {
          ':ttl': { N: String(Math.floor(now) + marksKeptSeconds) },
          ':channel': { SS: [channel] },
        },
      }),
    );
  },
  writeApplied: (service, seen, entry) => new AppliedStore(dynamo, table).replace(service, seen, entry),
  readLedger: async () => (await ledger.read()) ?? [],
  writeLedger: (entries, to) => ledger.writeWeek(entries, to),
});

const weekKey = (week: string) => ({ pk: partition, sk: { S: `WEEK#${week}` } });
