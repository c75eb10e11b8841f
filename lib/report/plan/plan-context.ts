import type { PriceBook } from '../prices/price-book.ts';
import type { Usage } from '../usage/usage.ts';
import type { LocalHours } from './local-hours.ts';
import { localHours } from './local-hours.ts';
import type { PlanSettings } from './plan-settings.ts';
import { type ProveSize, sizeProver } from './prove-size.ts';
import { sinceSize } from './since-size.ts';

/** What every step may look at. */
export interface PlanContext {
  readonly usage: Usage;
  readonly book: PriceBook;
  readonly settings: PlanSettings;
  readonly local: LocalHours;
  readonly proveSize: ProveSize;
}

export const planContext = (usage: Usage, book: PriceBook, settings: PlanSettings): PlanContext => ({
  usage: sinceSize(usage),
  book,
  settings,
  local: localHours(usage),
  proveSize: sizeProver(settings.seed, settings.proofDecisions),
});
