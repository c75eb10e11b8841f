import { type Arrivals, arrivedBy } from '../../forecast/arrivals.ts';
import { readyWithin, startDelayQuantile } from '../../forecast/start-delay.ts';
import type { StartDelay } from '../../model/state.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';

/** The fleet and its work at one instant, as well as it is known. */
export interface Outlook {
  readonly now: EpochSeconds;
  /** Jobs that wait now. They are the newest `waiting` jobs of the arrival curve. */
  readonly waiting: number;
  /** Slots that work on a job now. */
  readonly busySlots: number;
  readonly readyTasks: number;
  readonly concurrency: number;
  readonly arrivals: Arrivals;
  /** Forecast, jobs per second. */
  readonly ratePerSecond: number;
  readonly serviceSeconds: Seconds;
  readonly startDelay: StartDelay;
  readonly startWithinSeconds: Seconds;
  /** Until the next decision can take effect: a tick and the age of the counters. */
  readonly reactionSeconds: Seconds;
  /** Standard deviations of safety. The error budget moves it. */
  readonly risk: number;
}

/** The answer, with the deadline that set it. */
export interface Need {
  /** Tasks to have, those that still start included. */
  readonly tasks: number;
  /** Seconds from now of the deadline that decided; 0 when none did. */
  readonly atSeconds: Seconds;
  readonly due: number;
  readonly startable: number;
  /** Jobs that will be late whatever is done now. */
  readonly doomed: number;
}

/** A launch that is ready by the deadline with less than this chance is not a way to meet it. */
const usefulChance = 0.5;
/** A whole task is started only when more than this share of it is needed: the rest can wait for the next tick. */
const lazyShare = 0.3;

/**
 * The smallest number of tasks that meets every deadline which a later decision could not meet any more.
 *
 * For each time w ahead, the jobs whose deadline falls before w (those that arrived until now + w − T) must be
 * startable by then: by slots that are free, by slots that come free (each busy slot one job per service time), and by
 * launches, each weighted with the chance that it is ready. Deadlines further ahead than a launch takes are left to
 * later ticks, which know more; that is why a launch happens as late as it can.
 */
export const tasksNeeded = (outlook: Outlook): Need => {
  const { startDelay, reactionSeconds, risk } = outlook;
  const horizonSeconds = startDelayQuantile(startDelay, Math.max(0.5, Math.min(2, risk))) + reactionSeconds;
  const stepSeconds = Math.max(1, Math.min(5, horizonSeconds / 24));
  let worst: Need = { tasks: 0, atSeconds: 0, due: 0, startable: 0, doomed: 0 };
  let chanceIntegral = 0;
  const launched = launchCurve(outlook);
  for (let ahead = stepSeconds; ahead <= horizonSeconds + stepSeconds / 2; ahead += stepSeconds) {
    const chance = readyWithin(startDelay, ahead);
    chanceIntegral += chance * stepSeconds;
    const due = dueWithin(outlook, ahead);
    const startable = launched(ahead);
    const tasks = tasksFor(outlook, ahead, due, startable, chance, chanceIntegral);
    if (tasks > worst.tasks) worst = { tasks, atSeconds: ahead, due, startable, doomed: worst.doomed };
    if (chance < usefulChance && due - startable > worst.doomed) worst = { ...worst, doomed: due - startable };
  }
  return worst;
};

/** Jobs that must have started within the next `ahead` seconds, with their band of uncertainty. */
const dueWithin = (outlook: Outlook, ahead: Seconds): number => {
  const { now, waiting, arrivals, ratePerSecond, startWithinSeconds, risk } = outlook;
  const until = ahead - startWithinSeconds;
  if (until <= 0) {
    const newest = arrivals.curve.at(-1)?.[1] ?? 0;
    return Math.max(0, waiting - Math.max(0, newest - arrivedBy(arrivals, now + until)));
  }
  const coming = ratePerSecond * until;
  return waiting + coming + risk * Math.sqrt(arrivals.dispersion * coming);
};

/** Jobs that the present fleet, launches under way included, can start within `ahead` seconds. */
const launchCurve = (outlook: Outlook): ((ahead: Seconds) => number) => {
  const { now, busySlots, readyTasks, concurrency, serviceSeconds, startDelay, risk } = outlook;
  const slots = readyTasks * concurrency;
  const idleSlots = Math.max(0, slots - busySlots);
  const ages = startDelay.launches.map((at) => now - at);
  return (ahead) => {
    const turnover = (slots * ahead) / serviceSeconds;
    // Few long jobs end at random moments; the fewer are expected to end, the less can be built on it.
    const surely = Math.max(0, turnover - risk * Math.sqrt(turnover) * 0.5);
    let starting = 0;
    for (const age of ages) starting += startsOfLaunch(startDelay, age, ahead, serviceSeconds);
    return idleSlots + surely + concurrency * starting;
  };
};

/** Jobs per slot that a launch of this age starts within `ahead`: one when it is ready, then one per service time. */
const startsOfLaunch = (belief: StartDelay, age: Seconds, ahead: Seconds, serviceSeconds: Seconds): number => {
  const notYet = 1 - readyWithin(belief, age);
  if (notYet < 0.02) return 0.5; // Overdue far beyond what was ever seen: it may be about to come, or be lost.
  const by = (seconds: Seconds) => 1 - (1 - readyWithin(belief, age + seconds)) / notYet;
  return by(ahead) + (by(ahead / 2) * ahead * 0.5 + (by(ahead) * ahead) / 6) / serviceSeconds;
};

const tasksFor = (
  outlook: Outlook,
  ahead: Seconds,
  due: number,
  startable: number,
  chance: number,
  chanceIntegral: Seconds,
): number => {
  const { readyTasks, concurrency, busySlots, serviceSeconds, startDelay, risk } = outlook;
  const missing = due - startable;
  const present = readyTasks + startDelay.launches.length;
  if (missing > 0) {
    if (chance < usefulChance) return 0;
    const perLaunch = concurrency * (Math.min(1, chance + 0.05) + chanceIntegral / serviceSeconds);
    return present + Math.max(0, Math.ceil(missing / perLaunch - lazyShare));
  }
  if (startDelay.launches.length > 0 || due < 0.5) return 0;
  // Fewer would do: n tasks free up n·c·(1 + w/s) − busy slots in the same time.
  const perTask = concurrency * (1 + ahead / serviceSeconds);
  const turnover = (readyTasks * concurrency * ahead) / serviceSeconds;
  return Math.min(readyTasks, Math.ceil((due + busySlots + risk * 0.5 * Math.sqrt(turnover)) / perTask - 1e-9));
};
