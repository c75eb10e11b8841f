import type { TaskBounds } from '../../model/plan.ts';
import type { Seconds } from '../../model/units.ts';
import type { World } from '../world.ts';

/** Everything about a run but its jobs and its scaler. */
export interface Setup {
  readonly seed: number;
  /** Jobs that a task runs at a time. */
  readonly concurrency: number;
  /** A job that waits longer than this is late. */
  readonly startWithinSeconds: Seconds;
  readonly bounds: TaskBounds;
  readonly initial: number;
  /** Task scale-in protection: busy tasks are never stopped. Without: SIGTERM, then SIGKILL at the stop timeout. */
  readonly protect: boolean;
  readonly stopTimeoutSeconds: Seconds;
  /** After a kill the job is hidden for the rest of its visibility timeout, taken as all of it. */
  readonly visibilitySeconds: Seconds;
  readonly world: World;
  /** CPU use of a task, per busy share of its slots. Absent: `cpuOfBusySlots`. */
  readonly cpuOfBusySlots?: number;
  /** Tasks are ready the instant they are asked for, their pull billed as ever: what a clairvoyant could arrange. */
  readonly startsKnownAhead?: boolean;
}

/** AWS bills a Fargate task for at least so long. */
export const minimumBilledSeconds: Seconds = 60;
/** CPU use of a task, per busy share of its slots. */
export const cpuOfBusySlots = 0.9;
