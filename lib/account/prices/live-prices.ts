import type { EpochSeconds } from '../../model/units.ts';
import { type LivePrices, mergePrices } from '../../report/prices/merge-prices.ts';
import type { PriceBook } from '../../report/prices/price-book.ts';
import type { UnavailableSource } from '../../report/usage/usage.ts';
import type { DocumentCache } from '../document-cache.ts';
import type { PriceNeeds } from './price-needs.ts';
import { type PriceSources, readPrices } from './read-prices.ts';

export interface PriceRequest {
  readonly sources: PriceSources;
  /** What stands where the APIs are silent. */
  readonly bundled: PriceBook;
  readonly cache: DocumentCache;
  readonly now: EpochSeconds;
}

/** Prices change a few times a year; a weekly report asks anew each week. */
const keepSeconds = 6 * 86_400;

/** The bundled book with everything that the APIs know over it, from the cache when that is young. Never rejects. */
export const livePrices = async (
  { sources, bundled, cache, now }: PriceRequest,
  needs: PriceNeeds,
  abortSignal: AbortSignal,
): Promise<{ readonly book: PriceBook; readonly unavailable: readonly UnavailableSource[] }> => {
  const key = `prices ${JSON.stringify(needs)}`;
  const kept = await cache.get(key, now - keepSeconds);
  if (isKept(kept)) return { book: mergePrices(bundled, kept.prices, kept.date, source), unavailable: [] };
  const { prices, unavailable } = await readPrices(sources, needs, abortSignal);
  const date = new Date(now * 1000).toISOString().slice(0, 10);
  // Half an answer is not kept: the next report asks again.
  if (unavailable.length === 0) await cache.put(key, { prices, date } satisfies Kept, now);
  return { book: mergePrices(bundled, prices, date, source), unavailable };
};

const source = 'AWS Price List API and Savings Plans rates';

interface Kept {
  readonly prices: LivePrices;
  readonly date: string;
}

const isKept = (document: unknown): document is Kept =>
  typeof document === 'object' && document !== null && 'prices' in document && 'date' in document;
