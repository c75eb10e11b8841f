import type { Alert } from '../../model/decision.ts';
import type { JobCounts } from '../../model/job-counts.ts';
import type { Percent, Seconds } from '../../model/units.ts';

/** `draining`: nothing more is sent. */
export type RunPhase = 'sending' | 'draining' | 'stopping' | 'finished';

/** The run at one instant, as the live view shows it. */
export interface RunSnapshot {
  readonly title: string;
  readonly phase: RunPhase;
  /** Since the command was given. */
  readonly t: Seconds;
  /** Until the last job is sent; 0 when none is left to send. */
  readonly remainingSeconds: Seconds;
  /** The share of the sending time that has passed, 0 to 1. */
  readonly progress: number;
  readonly jobs: JobCounts;
  readonly workerCores: number;
  readonly services: readonly ServiceSnapshot[];
}

export interface ServiceSnapshot {
  readonly service: string;
  /** The strictest of the service. Absent: it has no queue. */
  readonly objective?: { readonly percent: Percent; readonly startWithinSeconds: Seconds };
  readonly waiting: number;
  readonly inFlight: number;
  /** Of the jobs that started within the last `windowSeconds`. Absent: none did. */
  readonly recentWaits?: { readonly windowSeconds: Seconds; readonly p50: Seconds; readonly p95: Seconds };
  /** Of all jobs so far. Absent: none started. */
  readonly attainedPercent?: Percent;
  readonly desired: number;
  readonly running: number;
  readonly starting: number;
  readonly stopping: number;
  readonly min: number;
  readonly max: number;
  /** Over the last `windowSeconds`. Absent: it runs for less. */
  readonly flow?: {
    readonly windowSeconds: Seconds;
    readonly arrivedPerMinute: number;
    readonly donePerMinute: number;
    /** Cores that its processes took. Absent: a process ended meanwhile, or nothing is measured. */
    readonly cores?: number;
  };
  /** Of the jobs that came to an end so far. Absent: none did. */
  readonly failedPercent?: Percent;
  /** Mean run time of a job, as the last decision saw it. Absent: it saw none. */
  readonly jobSeconds?: Seconds;
  readonly memoryPercent?: Percent;
  /** The newest changes of the count, newest first; at most three. */
  readonly changes?: readonly { readonly t: Seconds; readonly from: number; readonly desired: number }[];
  readonly alerts?: readonly Alert[];
  readonly lastDecision?: {
    readonly t: Seconds;
    readonly from: number;
    readonly desired: number;
    readonly summary: string;
  };
}
