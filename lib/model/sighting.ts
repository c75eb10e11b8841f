import type { Observation } from './observation.ts';
import type { WorkTotals } from './shard.ts';

/** What was seen of one service, with the cumulative totals behind its work report. */
export interface Sighting {
  readonly observation: Observation;
  /** Absent: could not be read. */
  readonly totals?: WorkTotals;
  /** What the next tick takes its difference from. Absent: nothing is known. */
  readonly workMark?: WorkTotals;
}
