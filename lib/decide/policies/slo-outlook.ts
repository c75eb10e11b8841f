import type { StartDelay } from '../../model/state.ts';
import type { Seconds } from '../../model/units.ts';

/** One class of jobs with its own deadline. */
export interface JobClass {
  /** Jobs that wait now, after the counter. */
  readonly waiting: number;
  readonly ratePerSecond: number;
  readonly dispersion: number;
  readonly startWithinSeconds: Seconds;
  /** Jobs that arrived within the last so many seconds. */
  readonly arrivedWithin: (seconds: Seconds) => number;
}

/** The fleet and its work at this instant, as well as they are known. */
export interface Outlook {
  readonly classes: readonly JobClass[];
  /** Jobs that wait or run now, and the variance of that number. */
  readonly jobs: number;
  readonly jobsVariance: number;
  readonly ratePerSecond: number;
  readonly readyTasks: number;
  readonly concurrency: number;
  readonly serviceSeconds: Seconds;
  /** See `ServiceTime.dispersion`. */
  readonly serviceDispersion: number;
  readonly startDelay: StartDelay;
  /** Ages of the launches under way, with their number: [seconds, tasks]. */
  readonly launches: readonly (readonly [age: Seconds, tasks: number])[];
  readonly launchedTasks: number;
  readonly tickSeconds: Seconds;
}

/** Launches of the same tick belong together. `starting` counts also those that are not followed one by one. */
export const launchesByAge = (
  belief: StartDelay,
  now: number,
  starting: number,
): readonly (readonly [number, number])[] => {
  const groups: [number, number][] = [];
  for (const at of belief.launches) {
    const last = groups.at(-1);
    if (last && last[0] === now - at) last[1]++;
    else groups.push([now - at, 1]);
  }
  const youngest = groups.at(-1);
  if (youngest) youngest[1] += Math.max(0, starting - belief.launches.length);
  return groups;
};

/** The same with the youngest launches cancelled, which is the order in which ECS cancels. */
export const withoutYoungest = (outlook: Outlook, count: number): Outlook => {
  let left = count;
  const launches = [...outlook.launches]
    .sort(([a], [b]) => a - b)
    .flatMap(([age, tasks]) => {
      const cancelled = Math.min(left, tasks);
      left -= cancelled;
      return tasks > cancelled ? [[age, tasks - cancelled] as const] : [];
    });
  return { ...outlook, launches, launchedTasks: Math.max(0, outlook.launchedTasks - count) };
};

/**
 * Jobs in the system `seconds` after a count of `jobs`: a backlog is worked off by all slots, and without one the number
 * tends to arrival rate × service time.
 */
export const jobsAfter = (
  jobs: number,
  slots: number,
  ratePerSecond: number,
  serviceSeconds: Seconds,
  seconds: Seconds,
): number => {
  let left = seconds;
  let present = jobs;
  if (present > slots) {
    const netPerSecond = slots / serviceSeconds - ratePerSecond;
    const emptyAfter = netPerSecond > 0 ? (present - slots) / netPerSecond : Number.POSITIVE_INFINITY;
    if (emptyAfter >= left) return present - netPerSecond * left;
    present = slots;
    left -= emptyAfter;
  }
  const level = ratePerSecond * serviceSeconds;
  return level + (present - level) * Math.exp(-left / serviceSeconds);
};
