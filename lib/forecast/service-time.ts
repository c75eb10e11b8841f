import type { Seconds } from '../model/units.ts';

/**
 * Mean run time of a job, from slot-seconds over completions: running jobs count with the time they have used so far, so
 * a slow-down shows before the first slow job ends.
 */
export interface ServiceTime {
  /** Decayed sums behind the slow estimate. */
  readonly busySlotSeconds: Seconds;
  readonly completed: number;
  /** The same with a memory of seconds: sees a slow-down at once. */
  readonly fastBusySlotSeconds: Seconds;
  readonly fastCompleted: number;
}

/** What is believed before the first report. One completion's worth of weight: real ones overrule it quickly. */
export const priorServiceSeconds: Seconds = 10;
const priorWeight = 1;
/** The slow memory is counted in jobs and in time, whichever is longer: few long jobs need hours, many short ones minutes. */
const slowHalfLifeSeconds: Seconds = 1200;
const slowJobsMin = 40;
const fastHalfLifeSeconds: Seconds = 30;
/** Completions of the slow estimate mixed into the fast one, so that one long job is not a slow-down. */
const fastPriorJobs = 5;

export const initialServiceTime = (serviceSeconds: Seconds = priorServiceSeconds): ServiceTime => ({
  busySlotSeconds: serviceSeconds * priorWeight,
  completed: priorWeight,
  fastBusySlotSeconds: 0,
  fastCompleted: 0,
});

export const observeService = (
  belief: ServiceTime,
  elapsedSeconds: Seconds,
  busySlotSeconds: Seconds,
  completed: number,
): ServiceTime => {
  const slow = belief.completed > slowJobsMin ? 2 ** (-elapsedSeconds / slowHalfLifeSeconds) : 1;
  const fast = 2 ** (-elapsedSeconds / fastHalfLifeSeconds);
  return {
    busySlotSeconds: belief.busySlotSeconds * slow + busySlotSeconds,
    completed: belief.completed * slow + completed,
    fastBusySlotSeconds: belief.fastBusySlotSeconds * fast + busySlotSeconds,
    fastCompleted: belief.fastCompleted * fast + completed,
  };
};

/** The estimate to plan with: the slow mean, or the fast one when that is longer. Errs to the safe side only. */
export const meanServiceSeconds = (belief: ServiceTime): Seconds => {
  const slow = slowServiceSeconds(belief);
  const fast = (belief.fastBusySlotSeconds + fastPriorJobs * slow) / (belief.fastCompleted + fastPriorJobs);
  return Math.max(slow, fast);
};

export const slowServiceSeconds = (belief: ServiceTime): Seconds =>
  Math.max(0.01, belief.busySlotSeconds / Math.max(belief.completed, 1e-9));
