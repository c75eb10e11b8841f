import type { TaskBounds } from '../../model/plan.ts';
import type { EpochSeconds, Percent, Seconds } from '../../model/units.ts';
import type { Scaler } from '../scaler.ts';

/** What whoever sets up a scaler by hand knows of the service. */
export interface Situation {
  readonly percent: Percent;
  readonly startWithinSeconds: Seconds;
  readonly meanServiceSeconds: Seconds;
  readonly concurrency: number;
  readonly bounds: TaskBounds;
  readonly initial: number;
  readonly stopTimeoutSeconds: Seconds;
  /** For those that tick as often as one likes. */
  readonly tickSeconds: Seconds;
  /** The instant at which the trace begins. */
  readonly startEpoch: EpochSeconds;
}

/** One way to set a policy. */
export interface Setting {
  /** In words, for the table: `queueLength 5, stabilization 300 s`. */
  readonly text: string;
  /** A fresh scaler, with an empty memory. */
  readonly create: () => Scaler;
}

/** A policy as its documentation sets it, and what somebody who tunes it would try. */
export interface Baseline {
  readonly documented: (situation: Situation) => Setting;
  readonly tunings: (situation: Situation) => readonly Setting[];
}

/** Jobs that may wait for a task so that the last of them still starts in time: what all the per-task targets rest on. */
export const backlogPerTask = ({ startWithinSeconds, meanServiceSeconds, concurrency }: Situation): number =>
  (startWithinSeconds / meanServiceSeconds) * concurrency;

export const clamp = (count: number, { min, max }: TaskBounds): number => Math.max(min, Math.min(max, count));

/** Metrics per task are undefined without tasks: these policies cannot leave zero, and are given one task at least. */
export const atLeastOne = ({ min, max }: TaskBounds): TaskBounds => ({ min: Math.max(1, min), max: Math.max(1, max) });
