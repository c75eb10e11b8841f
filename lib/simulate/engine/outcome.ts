import type { Seconds } from '../../model/units.ts';
import type { SimulatedJobs } from '../simulated-jobs.ts';
import type { Setup } from './setup.ts';

/** What a run came to. */
export interface Outcome {
  readonly jobs: {
    readonly arrived: number;
    readonly completed: number;
    /** At the end: waiting, being worked on, and hidden after a kill. */
    readonly waiting: number;
    readonly inFlight: number;
    readonly hidden: number;
  };
  /** Jobs whose wait is known to be in time or late; the youngest of those still waiting at the end are neither. */
  readonly judged: number;
  readonly late: number;
  /** Share of the judged jobs that started in time, 0 to 1. 1 when there were none. */
  readonly attained: number;
  /** By job, NaN where it never started. Waits run to the start of the attempt that finishes. */
  readonly waits: Float32Array;
  readonly billedSeconds: Seconds;
  /** Slot-seconds of work that was not done by the end, and so was not billed. */
  readonly leftSlotSeconds: Seconds;
  readonly busySlotSeconds: Seconds;
  readonly starts: number;
  readonly killed: number;
  readonly actions: number;
  /** Actions against the direction of the one before. */
  readonly reversals: number;
  readonly backlogMax: number;
}

/** What the simulation counted. */
export interface Tally {
  readonly waits: Float32Array;
  readonly waiting: readonly number[];
  readonly arrived: number;
  readonly completed: number;
  readonly inFlight: number;
  readonly hidden: number;
  /** When the jobs that still run would have ended. */
  readonly runningEnds: Float64Array;
  readonly billedSeconds: Seconds;
  readonly busySlotSeconds: Seconds;
  readonly starts: number;
  readonly killed: number;
  readonly actions: number;
  readonly reversals: number;
  readonly backlogMax: number;
}

export const outcomeOf = (jobs: SimulatedJobs, setup: Setup, tally: Tally): Outcome => {
  const { judged, late } = judge(jobs, setup.startWithinSeconds, tally);
  const { arrived, completed, inFlight, hidden } = tally;
  return {
    jobs: { arrived, completed, waiting: tally.waiting.length, inFlight, hidden },
    judged,
    late,
    attained: judged === 0 ? 1 : 1 - late / judged,
    waits: tally.waits,
    billedSeconds: tally.billedSeconds,
    leftSlotSeconds: leftOf(jobs, tally),
    busySlotSeconds: tally.busySlotSeconds,
    starts: tally.starts,
    killed: tally.killed,
    actions: tally.actions,
    reversals: tally.reversals,
    backlogMax: tally.backlogMax,
  };
};

/** What did not start in time is late, started or not, as soon as it is older than the promise; younger jobs are left out. */
const judge = (jobs: SimulatedJobs, startWithinSeconds: Seconds, { waits, arrived }: Tally) => {
  let judged = 0;
  let late = 0;
  for (let job = 0; job < arrived; job += 1) {
    const wait = waits[job] as number;
    if (wait <= startWithinSeconds) judged += 1;
    else if (jobs.endSeconds - (jobs.arrivalSeconds[job] as number) > startWithinSeconds) {
      judged += 1;
      late += 1;
    }
  }
  return { judged, late };
};

const leftOf = (jobs: SimulatedJobs, { waits, arrived, runningEnds }: Tally): Seconds => {
  let left = 0;
  for (let job = 0; job < arrived; job += 1) if (Number.isNaN(waits[job])) left += jobs.serviceSeconds[job] as number;
  for (const end of runningEnds) left += Math.max(0, end - jobs.endSeconds);
  return left;
};
