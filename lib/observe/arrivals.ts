import type { Observation } from '../model/observation.ts';
import type { WorkTotals } from '../model/shard.ts';
import type { ObservedMark } from '../model/state.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';

type ArrivalsMark = Pick<ObservedMark, 'arrivalsHigh' | 'belowSince'>;

/** SQS counters need about a minute to agree; a sum that stays low for twice as long is true (a purge, expired jobs). */
const settleSeconds: Seconds = 120;

/**
 * Jobs that arrived since the mark. All jobs ever completed and all that wait or run now grow together by what arrives.
 * The counters are approximate, so only a new high counts: a false zero that comes right again adds nothing.
 * `totals` is absent when they could not be read; such a tick counts nothing, the next one catches up. Where no worker
 * reports (`noWork`) only the growth of the backlog is seen.
 */
export function arrivalsSince(
  mark: ArrivalsMark | undefined,
  observation: Observation,
  totals: WorkTotals | undefined,
): { readonly arrivals: number; readonly mark: ArrivalsMark } {
  const sum = jobsSeen(observation, totals);
  if (sum === undefined) return { arrivals: 0, mark: mark ?? {} };
  const high = mark?.arrivalsHigh;
  if (high === undefined || sum >= high) {
    return { arrivals: high === undefined ? 0 : sum - high, mark: { arrivalsHigh: sum } };
  }
  const belowSince: EpochSeconds = mark?.belowSince ?? observation.now;
  if (observation.now - belowSince >= settleSeconds) return { arrivals: 0, mark: { arrivalsHigh: sum } };
  return { arrivals: 0, mark: { arrivalsHigh: high, belowSince } };
}

function jobsSeen(observation: Observation, totals: WorkTotals | undefined): number | undefined {
  if (totals === undefined || observation.queues.length === 0) return undefined;
  let sum = totals.counts.completed ?? 0;
  for (const { counts } of observation.queues) {
    if (!counts.known) return undefined;
    sum += counts.value.visible + counts.value.inFlight + counts.value.delayed;
  }
  return sum;
}
