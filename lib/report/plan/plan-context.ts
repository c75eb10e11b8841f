import type { PriceBook } from '../prices/price-book.ts';
import { type PlayWay, replays } from '../replay/replays.ts';
import type { Usage } from '../usage/usage.ts';
import type { PlanSettings } from './plan-settings.ts';
import type { LocalHours } from './policies/local-hours.ts';
import { localHours } from './policies/local-hours.ts';
import { type ProveSize, sizeProver } from './sizes/prove-size.ts';
import { sinceSize } from './sizes/since-size.ts';

/** What every step may look at. */
export interface PlanContext {
  readonly usage: Usage;
  readonly book: PriceBook;
  readonly settings: PlanSettings;
  readonly local: LocalHours;
  readonly proveSize: ProveSize;
  readonly play: PlayWay;
}

export const planContext = (usage: Usage, book: PriceBook, settings: PlanSettings): PlanContext => {
  const known = sinceSize(usage);
  const local = localHours(known);
  return {
    usage: known,
    book,
    settings,
    local,
    proveSize: sizeProver(settings.seed, settings.proofDecisions),
    play: replays(known, local, book, { seed: settings.seed, decisionsMax: settings.replayDecisions }),
  };
};
