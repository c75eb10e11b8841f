import type { Seconds } from '../../model/units.ts';
import { sumOf } from '../plan/series.ts';
import { type PriceBook, taskUsdPerHour } from '../prices/price-book.ts';
import type { FargateUsage, Usage } from '../usage/usage.ts';

/** How much of a service's week is played again. */
export interface ReplayEffort {
  readonly what: 'week' | 'busiestDay';
  /** Between decisions. */
  readonly tickSeconds: Seconds;
}

/**
 * Decisions that one report may take in its replays: about ten seconds of one core. Counted and not timed, so that the
 * same week gives the same report on every machine.
 */
const decisionsMax = 300_000;
/** Runs of `slo` for each service: the promise, half of it and twice of it. */
const runs = 3;
const ladder: readonly ReplayEffort[] = [
  { what: 'week', tickSeconds: 10 },
  { what: 'week', tickSeconds: 20 },
  { what: 'week', tickSeconds: 30 },
  { what: 'busiestDay', tickSeconds: 10 },
  { what: 'busiestDay', tickSeconds: 30 },
  { what: 'busiestDay', tickSeconds: 60 },
];

/** By service: the most thorough replay that all of them can have, or the least one for the dearest. Absent: none. */
export const replayEfforts = ({ services }: Usage, book: PriceBook): ReadonlyMap<FargateUsage, ReplayEffort> => {
  const candidates = services.filter(
    ({ arrivalsByMinute, slo, serviceSeconds }) =>
      arrivalsByMinute !== undefined && slo !== undefined && serviceSeconds !== undefined,
  );
  const effort = ladder.find((rung) => candidates.length * decisionsOf(rung) <= decisionsMax) ?? lastRung;
  const dearest = candidates
    .map((service, i) => ({ service, i, usd: weeklyUsd(service, book) }))
    .toSorted((a, b) => b.usd - a.usd || a.i - b.i)
    .slice(0, Math.floor(decisionsMax / decisionsOf(effort)));
  return new Map(dearest.map(({ service }) => [service, effort]));
};

const lastRung: ReplayEffort = { what: 'busiestDay', tickSeconds: 60 };

const decisionsOf = ({ what, tickSeconds }: ReplayEffort): number =>
  (runs * (what === 'week' ? 168 : 24) * 3600) / tickSeconds;

const weeklyUsd = (service: FargateUsage, book: PriceBook): number =>
  (taskUsdPerHour(book, service.region, service.architecture, service.size, 'onDemand') ?? 0) *
  sumOf(service.hourly.tasks.slice(-168));
