import type { EpochSeconds, Seconds } from './units.ts';

/** What was recorded of one queue and the service that works it off, over one period. Absent: nobody recorded it. */
export interface HistoryPoint {
  /** Start of the period. */
  readonly at: EpochSeconds;
  readonly periodSeconds: Seconds;
  /** Messages, sums of the period. */
  readonly sent?: number;
  readonly deleted?: number;
  /** Messages, means of the period. */
  readonly visible?: number;
  readonly inFlight?: number;
  /** Greatest age of the oldest message, in flight or not. */
  readonly oldestSeconds?: Seconds;
  /** Tasks, means of the period. */
  readonly desired?: number;
  readonly running?: number;
}

/** In order of time, periods not overlapping; at least one. Periods may differ: CloudWatch keeps old ones coarse. */
export type History = readonly HistoryPoint[];
