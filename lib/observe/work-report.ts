import { type Reading, unknown, type WorkReport } from '../model/observation.ts';
import type { WorkTotals } from '../model/shard.ts';
import type { EpochSeconds } from '../model/units.ts';

/** Totals without the wait histogram: all that the next difference needs, and small enough to be kept with the learnt state. */
export const differenceNames = [
  'started',
  'late',
  'completed',
  'failed',
  'busySlotMs',
  'serviceMs',
  'ready',
  'readyDelayMs',
] as const;

export const markOf = (totals: WorkTotals): WorkTotals => ({
  at: totals.at,
  counts: Object.fromEntries(differenceNames.map((name) => [name, totals.counts[name] ?? 0])),
});

/** No worker has ever reported: what comes first is then all new. */
export const noWork: WorkTotals = { at: 0, counts: {} };

export interface WorkDifference {
  readonly report: Reading<WorkReport>;
  /** What the next difference is taken from. Absent: start anew. */
  readonly mark?: WorkTotals;
}

/**
 * What was done between two readings of the workers' totals.
 * - no item: nobody reports, which is not the same as nothing being done → unknown
 * - no previous reading → unknown, and this one is the first
 * - totals that shrank, and an older beat: a replica that lags → unknown, the previous reading stays
 * - totals that shrank under a newer beat: the item was made anew → unknown, start from here
 */
export function workDifference(
  totals: WorkTotals | undefined,
  previous: WorkTotals | undefined,
  now: EpochSeconds,
): WorkDifference {
  if (totals === undefined) return { report: unknown('missing', 'no worker has reported yet'), mark: noWork };
  const mark = markOf(totals);
  if (previous === undefined) return { report: unknown('missing', 'first reading of the totals'), mark };
  const grown = (name: string): number => (mark.counts[name] ?? 0) - (previous.counts[name] ?? 0);
  if (differenceNames.some((name) => grown(name) < 0)) {
    // The beat's time alone proves nothing: the clocks of the workers differ.
    return totals.at < previous.at
      ? { report: unknown('stale', 'the totals are older than the last ones'), mark: previous }
      : { report: unknown('missing', 'the totals began anew'), mark };
  }
  const value: WorkReport = {
    started: grown('started'),
    late: grown('late'),
    completed: grown('completed'),
    failed: grown('failed'),
    busySlotSeconds: grown('busySlotMs') / 1000,
    serviceSeconds: grown('serviceMs') / 1000,
    tasksReady: grown('ready'),
    tasksReadyDelaySeconds: grown('readyDelayMs') / 1000,
  };
  return { report: { known: true, at: now, value }, mark };
}
