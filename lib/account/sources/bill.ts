import { type CostExplorerClient, type Expression, GetCostAndUsageCommand } from '@aws-sdk/client-cost-explorer';
import type { BillLine } from '../../report/usage/usage.ts';
import type { DocumentCache } from '../document-cache.ts';
import type { AccountPart, AccountSource, AccountWindow } from '../source.ts';

/** Cost Explorer wants to be asked seldom: each page costs a cent, and yesterday's answer is nearly today's. */
const keepSeconds = 20 * 3600;

/** The bill of this account by service, in whole UTC days of the window, brought to its hours. Amortised; no tax, credits or refunds. */
export const billSource = (
  client: CostExplorerClient,
  accountId: (abortSignal: AbortSignal) => Promise<string>,
  regions: readonly string[],
  cache: DocumentCache,
  now: number,
): AccountSource => ({
  source: 'bill',
  read: async (window, abortSignal): Promise<AccountPart> => {
    const days = wholeDays(window);
    if (days === undefined) return {};
    const account = await accountId(abortSignal);
    const key = `bill ${account} ${days.start} ${days.end} ${regions.join(' ')}`;
    const kept = await cache.get(key, now - keepSeconds);
    const answer = isAnswer(kept) ? kept : await ask(client, account, regions, days, abortSignal);
    if (answer !== kept) await cache.put(key, answer, now);
    return {
      bill: answer.lines
        .filter(({ usd }) => usd > 0)
        .map(({ service, usd }) => ({ service, usd: (usd * window.hours) / (days.count * 24) })),
      asked: { billRequests: answer === kept ? 0 : answer.requests },
    };
  },
});

interface Days {
  readonly start: string;
  /** Exclusive. */
  readonly end: string;
  readonly count: number;
}

/** Undefined: the window has no whole day. */
const wholeDays = ({ from, hours }: AccountWindow): Days | undefined => {
  const start = Math.ceil(from / 86_400);
  const end = Math.floor((from + hours * 3600) / 86_400);
  const date = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
  return end > start ? { start: date(start), end: date(end), count: end - start } : undefined;
};

interface Answer {
  readonly lines: readonly BillLine[];
  readonly requests: number;
}

const isAnswer = (kept: unknown): kept is Answer =>
  typeof kept === 'object' && kept !== null && 'lines' in kept && Array.isArray(kept.lines);

const ask = async (
  client: CostExplorerClient,
  account: string,
  regions: readonly string[],
  { start, end }: Days,
  abortSignal: AbortSignal,
): Promise<Answer> => {
  const byService = new Map<string, number>();
  let requests = 0;
  let NextPageToken: string | undefined;
  do {
    const { ResultsByTime = [], NextPageToken: next } = await client.send(
      new GetCostAndUsageCommand({
        TimePeriod: { Start: start, End: end },
        Granularity: 'MONTHLY',
        Metrics: ['AmortizedCost'],
        GroupBy: [{ Type: 'DIMENSION', Key: 'SERVICE' }],
        Filter: filterOf(account, regions),
        ...(NextPageToken === undefined ? {} : { NextPageToken }),
      }),
      { abortSignal },
    );
    requests += 1;
    for (const { Keys = [], Metrics } of ResultsByTime.flatMap(({ Groups = [] }) => Groups)) {
      const { Amount, Unit } = Metrics?.AmortizedCost ?? {};
      if (Unit !== 'USD')
        throw new Error(`Cost Explorer answers in ${Unit ?? 'no currency'}; only USD can be compared`);
      const [service = ''] = Keys;
      byService.set(service, (byService.get(service) ?? 0) + Number(Amount));
    }
    NextPageToken = next;
  } while (NextPageToken !== undefined);
  return { lines: [...byService].map(([service, usd]) => ({ service, usd })), requests };
};

/** A payer's bill has all accounts in it; fees of Savings Plans belong to no Region. */
const filterOf = (account: string, regions: readonly string[]): Expression => ({
  And: [
    { Dimensions: { Key: 'LINKED_ACCOUNT', Values: [account] } },
    { Dimensions: { Key: 'REGION', Values: [...regions, 'global', 'NoRegion'] } },
    { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Tax', 'Credit', 'Refund'] } } },
  ],
});
