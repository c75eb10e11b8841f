import type { TaskBounds } from '../model/plan.ts';
import type { Seconds } from '../model/units.ts';

/** What a scaler is shown at one tick. */
export interface Sight {
  /** Seconds after the start of the run. */
  readonly t: Seconds;
  /** SQS counters as they read: old and inexact, as the world has it. */
  readonly queue: { readonly visible: number; readonly inFlight: number };
  readonly service: {
    readonly desired: number;
    /** Includes tasks that finish a last job. */
    readonly running: number;
    readonly pending: number;
    /** Absent: cannot be seen. */
    readonly draining?: number;
  };
  /** What the workers did between the previous report and this one. */
  readonly work: {
    readonly started: number;
    readonly late: number;
    readonly completed: number;
    readonly busySlotSeconds: Seconds;
  };
  /** Share of 1, mean of the running tasks since the last tick. */
  readonly cpu: number;
  /** CloudWatch datapoints that appeared since the last tick, oldest first. */
  readonly minutes: readonly MinutePoint[];
}

/** What CloudWatch knows of one minute. Counts are those at its end. */
export interface MinutePoint {
  readonly t: Seconds;
  readonly visible: number;
  readonly inFlight: number;
  readonly running: number;
  readonly sent: number;
  readonly deleted: number;
  /** Share of 1. */
  readonly cpu: number;
}

/** A policy with its memory. One per run. */
export interface Scaler {
  readonly tickSeconds: Seconds;
  /** Its own bounds, where they are not those of the run: a static fleet, or a plan from a config. */
  readonly bounds?: TaskBounds;
  /** Tasks at the start, where that is not the run's. */
  readonly initial?: number;
  /** The wanted count; undefined leaves it as it is. */
  readonly decide: (sight: Sight) => number | undefined;
}
