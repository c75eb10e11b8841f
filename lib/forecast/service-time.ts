import type { Seconds } from '../model/units.ts';
import { type Cohorts, youngestRunning } from './running-age.ts';

/**
 * Mean run time of a job, from slot-seconds over completions: running jobs count with the time they have used so far, so
 * a slow-down shows before the first slow job ends.
 */
export interface ServiceTime {
  /** Decayed sums behind the slow estimate. */
  readonly busySlotSeconds: Seconds;
  readonly completed: number;
  /** The same with a memory of half a minute. */
  readonly fastBusySlotSeconds: Seconds;
  readonly fastCompleted: number;
  /** The last report alone. */
  readonly lastBusySlotSeconds: Seconds;
  readonly lastCompleted: number;
  /** Variance of the completions per report over what random run times of a steady mean would have: 1 and more. */
  readonly dispersion: number;
  /** The jobs that run, by age, as young as they can be. */
  readonly running: Cohorts;
  /** Their mean age; absent: they began before anything was seen. */
  readonly runningAgeSeconds?: Seconds;
  /** Slot-seconds that the running jobs have used so far, and what they usually have: a decayed mean. */
  readonly unfinishedSlotSeconds: Seconds;
  readonly usualUnfinishedSlotSeconds: Seconds;
}

/** What is believed before the first report. One completion's worth of weight: real ones overrule it quickly. */
export const priorServiceSeconds: Seconds = 10;
const priorWeight = 1;
/** The slow memory is counted in jobs and in time, whichever is longer: few long jobs need hours, many short ones minutes. */
const slowHalfLifeSeconds: Seconds = 1200;
const slowJobsMin = 40;
const fastHalfLifeSeconds: Seconds = 30;
/** A slow-down is believed as far as it is sure: the lower bound of what was seen, so many standard deviations below it. */
const fastSigmas = 1;
const lastSigmas = 2;
/**
 * A wave of jobs that began a moment ago has used many seconds and ended none: that says nothing yet. Not until jobs are a
 * fifth as old as a slow-down would make them is it believed.
 */
const believedAges = 5;
const dispersionShare = 0.02;
const dispersionStep = 20;

export const initialServiceTime = (serviceSeconds: Seconds = priorServiceSeconds): ServiceTime => ({
  busySlotSeconds: serviceSeconds * priorWeight,
  completed: priorWeight,
  fastBusySlotSeconds: 0,
  fastCompleted: 0,
  lastBusySlotSeconds: 0,
  lastCompleted: 0,
  dispersion: 1,
  running: [],
  unfinishedSlotSeconds: 0,
  usualUnfinishedSlotSeconds: 0,
});

/** What a report tells of `elapsedSeconds`. */
export const observeService = (
  { runningAgeSeconds: _, ...belief }: ServiceTime,
  elapsedSeconds: Seconds,
  busySlotSeconds: Seconds,
  started: number,
  completed: number,
): ServiceTime => {
  const jobsRunning = busySlotSeconds / Math.max(elapsedSeconds, 1e-9);
  const { cohorts, meanAgeSeconds } = youngestRunning(belief.running, elapsedSeconds, started, jobsRunning);
  const slow = belief.completed > slowJobsMin ? 2 ** (-elapsedSeconds / slowHalfLifeSeconds) : 1;
  const fast = 2 ** (-elapsedSeconds / fastHalfLifeSeconds);
  const steady = 2 ** (-elapsedSeconds / slowHalfLifeSeconds);
  const unfinished = jobsRunning * (meanAgeSeconds ?? 0);
  return {
    busySlotSeconds: belief.busySlotSeconds * slow + busySlotSeconds,
    completed: belief.completed * slow + completed,
    fastBusySlotSeconds: belief.fastBusySlotSeconds * fast + busySlotSeconds,
    fastCompleted: belief.fastCompleted * fast + completed,
    lastBusySlotSeconds: busySlotSeconds,
    lastCompleted: completed,
    dispersion: nextDispersion(belief, busySlotSeconds, completed),
    running: cohorts,
    unfinishedSlotSeconds: unfinished,
    usualUnfinishedSlotSeconds: belief.usualUnfinishedSlotSeconds * steady + unfinished * (1 - steady),
    ...(meanAgeSeconds !== undefined && { runningAgeSeconds: meanAgeSeconds }),
  };
};

/**
 * The same from outside, where no task reports: jobs in flight over deletes, by Little's law. Deletes are known minutes
 * later than what is in flight, so only the slow mean learns from them: a fast one would take each ramp for a slow-down.
 */
export const estimateService = (
  belief: ServiceTime,
  elapsedSeconds: Seconds,
  busySlotSeconds: Seconds,
  completed: number,
): ServiceTime => {
  const slow = belief.completed > slowJobsMin ? 2 ** (-elapsedSeconds / slowHalfLifeSeconds) : 1;
  return {
    ...belief,
    busySlotSeconds: belief.busySlotSeconds * slow + busySlotSeconds,
    completed: belief.completed * slow + completed,
  };
};

/** The estimate to plan with: the slow mean, or a sure slow-down above it. Errs to the safe side only. */
export const meanServiceSeconds = (belief: ServiceTime): Seconds =>
  Math.max(
    slowServiceSeconds(belief),
    Math.min(fastServiceSeconds(belief), believedAges * (belief.runningAgeSeconds ?? Infinity)),
  );

/** More unfinished work than usual is work of jobs that have just begun: their time counts, their ends do not yet. */
export const slowServiceSeconds = (belief: ServiceTime): Seconds => {
  const unripe = Math.max(0, belief.unfinishedSlotSeconds - belief.usualUnfinishedSlotSeconds);
  return Math.max(0.01, (belief.busySlotSeconds - unripe) / Math.max(belief.completed, 1e-9));
};

const fastServiceSeconds = (belief: ServiceTime): Seconds =>
  Math.max(
    surely(belief.fastBusySlotSeconds, belief.fastCompleted, fastSigmas),
    surely(belief.lastBusySlotSeconds, belief.lastCompleted, lastSigmas),
  );

const surely = (busySlotSeconds: Seconds, completed: number, sigmas: number): Seconds =>
  busySlotSeconds / (completed + 1 + sigmas * Math.sqrt(completed + 1));

const nextDispersion = (belief: ServiceTime, busySlotSeconds: Seconds, completed: number): number => {
  const expected = busySlotSeconds / slowServiceSeconds(belief);
  if (expected < 1) return belief.dispersion;
  const sample = Math.min(dispersionStep * belief.dispersion, (completed - expected) ** 2 / expected);
  return Math.max(1, belief.dispersion + dispersionShare * (sample - belief.dispersion));
};
