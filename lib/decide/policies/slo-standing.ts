import { type Bursts, burstLevels, returnsPerSecond } from '../../forecast/bursts.ts';
import { normalCdf } from '../../forecast/start-delay.ts';
import type { Seconds } from '../../model/units.ts';
import { startCostSeconds } from './slo-in.ts';
import type { Outlook } from './slo-outlook.ts';

/** The need is measured over so long where jobs are shorter than that; where they are longer, the jobs present are the need. */
const needSeconds: Seconds = 20;

/** What a steady stream needs by chance is foreseen by the look-ahead: so many standard deviations above its mean. */
const foreseenSigmas = 3;

/** Tasks that would be busy now if each job had been started at once. */
export const tasksNeeded = (outlook: Outlook, counterSeconds: Seconds): number => {
  const { classes, jobs, serviceSeconds, concurrency } = outlook;
  if (serviceSeconds >= needSeconds) return jobs / concurrency;
  let arrived = 0;
  for (const { arrivedWithin } of classes)
    arrived += arrivedWithin(counterSeconds + needSeconds) - arrivedWithin(counterSeconds);
  return Math.min(jobs, (arrived * serviceSeconds) / needSeconds) / concurrency;
};

/**
 * The tasks that are worth standing by for the next burst: those that, as often as their level was needed again after such
 * a gap, prevent late jobs that are dearer than waiting for it.
 *
 * @param latePrice of one late job, in starts
 * @param needed tasks needed now, see `tasksNeeded`
 */
export const standingTasks = (
  bursts: Bursts,
  outlook: Outlook,
  latePrice: number,
  needed: number,
  counterSeconds: Seconds,
): number => {
  const worth = latePrice * latePerBurst(outlook, counterSeconds);
  const foreseen = tasksForeseen(outlook);
  let tasks = 0;
  for (let level = 0; level < burstLevels.length; level++) {
    const levelTasks = burstLevels[level] ?? 0;
    if (levelTasks <= foreseen) continue;
    if (levelTasks > needed && returnsPerSecond(bursts, level) * worth * startCostSeconds < 1) break;
    tasks = levelTasks;
  }
  return tasks;
};

const tasksForeseen = ({ ratePerSecond, serviceSeconds, concurrency }: Outlook): number => {
  const load = (ratePerSecond * serviceSeconds) / concurrency;
  return load + foreseenSigmas * Math.sqrt(load * Math.min(1, serviceSeconds / needSeconds));
};

/**
 * Late jobs that one task more prevents: those that it starts between the moment at which the first one of a burst would
 * become late and the moment at which a task started for the burst is ready.
 */
const latePerBurst = (outlook: Outlook, counterSeconds: Seconds): number => {
  const { startDelay, classes, tickSeconds, serviceSeconds, concurrency } = outlook;
  const shortestSeconds = Math.min(...classes.map((jobs) => jobs.startWithinSeconds));
  const slackSeconds = Math.max(1, shortestSeconds - counterSeconds - tickSeconds / 2);
  const sigma = Math.sqrt(startDelay.variance);
  const z = (Math.log(slackSeconds) - startDelay.mu) / sigma;
  const meanSeconds = Math.exp(startDelay.mu + startDelay.variance / 2);
  const lateSeconds = meanSeconds * normalCdf(sigma - z) - slackSeconds * normalCdf(-z);
  return (concurrency * Math.max(0, lateSeconds)) / serviceSeconds;
};
