import type { Usd } from '../model/units.ts';
import { timeBox } from '../observe/time-box.ts';
import { hoursPerMonth } from '../report/plan/bill.ts';
import type { PriceBook } from '../report/prices/price-book.ts';
import { sinceKnown } from '../report/usage/since-known.ts';
import type { Usage } from '../report/usage/usage.ts';
import { priced } from './priced.ts';
import { livePrices, type PriceRequest } from './prices/live-prices.ts';
import { priceNeeds } from './prices/price-needs.ts';
import { type AccountRequest, readAccount } from './read-account.ts';
import type { AccountSource, Asked } from './source.ts';
import { stageUsdPerMonth } from './stage-cost.ts';
import { unavailable } from './unavailable.ts';

export interface AccountUsage {
  readonly usage: Usage;
  readonly book: PriceBook;
  readonly asked: Required<Asked>;
  /** What AWS takes for having been asked. */
  readonly askedUsd: Usd;
}

const pricesSeconds = 120;
const reportsPerMonth = hoursPerMonth / 168;

/** An account as the report takes it, and the prices to go with it. Never rejects: see `Usage.unavailable`. */
export const accountUsage = async (
  sources: readonly AccountSource[],
  request: AccountRequest,
  /** A book as it is, or how to get one. */
  prices: PriceBook | PriceRequest,
  abortSignal: AbortSignal,
): Promise<AccountUsage> => {
  const reading = await readAccount(sources, request, abortSignal);
  const { book, unavailable: unpriced } =
    'sources' in prices
      ? await timeBox('prices', pricesSeconds, abortSignal, (signal) =>
          livePrices(prices, priceNeeds(reading), signal),
        ).catch((error: unknown) => ({ book: prices.bundled, unavailable: [unavailable('prices', undefined, error)] }))
      : { book: prices, unavailable: [] };
  const usage = priced(reading, book);
  const askedUsd = reading.asked.metrics * 1e-5 + reading.asked.billRequests * 0.01;
  const ownUsdPerMonth = stageUsdPerMonth(reading.services) + askedUsd * reportsPerMonth;
  return {
    usage: {
      ...sinceKnown(usage),
      unavailable: [...usage.unavailable, ...unpriced],
      ...(reading.services.length === 0 ? {} : { ownUsdPerMonth }),
    },
    book,
    asked: reading.asked,
    askedUsd,
  };
};
