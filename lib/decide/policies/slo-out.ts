import { startDelayQuantile } from '../../forecast/start-delay.ts';
import type { Seconds } from '../../model/units.ts';
import { expectedLate, type Horizon } from './slo-late.ts';
import type { Outlook } from './slo-outlook.ts';

/** How many tasks to start now, and the reason that set the number. */
export interface Launches {
  readonly tasks: number;
  readonly because: 'none' | 'price' | 'busyAnyway' | 'catchUp';
}

/** A launch that the waiting jobs need sooner or later costs next to nothing to bring forward; any other costs a start. */
const forwardCost = 0.1;
const spareCost = 1;
/** A part of a task that is smaller than this is left to the slots that are there. */
const partMax = 0.3;
/** Of the launches that waiting jobs keep busy until their deadlines, so many are started at once. */
const busyShare = 0.7;
/** Counts are tried one by one up to this, then in growing steps, then refined. */
const fineCount = 4;
const growth = 1.35;
const refinement = 0.06;

/**
 * The launches that are worth their cost now: those for which the late jobs avoided by not waiting another moment, times
 * the price of a late job, exceed what they cost.
 *
 * @param latePrice of one late job, in starts
 * @param roomTasks tasks that may be started at most
 * @param catchUpSeconds within which overdue jobs are worked off
 */
export const launchesNow = (
  outlook: Outlook,
  horizon: Horizon,
  latePrice: number,
  roomTasks: number,
  catchUpSeconds: Seconds,
): Launches => {
  const { jobs, concurrency, ratePerSecond, readyTasks, launchedTasks } = outlook;
  const present = readyTasks + launchedTasks;
  const horizonSeconds = horizon.stepSeconds * horizon.steps.length;
  // One slot per job that is here or comes: more can never help.
  const useful = Math.ceil((jobs + ratePerSecond * horizonSeconds) / concurrency) - present + 1;
  const most = Math.max(0, Math.min(roomTasks, useful));
  const busy = launchesKeptBusy(outlook, catchUpSeconds);
  const needed = Math.max(0, Math.ceil(busy - partMax));
  const worth = (tasks: number): number =>
    latePrice *
      (expectedLate(outlook, horizon, readyTasks, tasks, 'later').late -
        expectedLate(outlook, horizon, readyTasks, tasks, 'now').late) -
    forwardCost * Math.min(tasks, needed) -
    spareCost * Math.max(0, tasks - needed);
  const priced = best(worth, most);
  const sure = Math.min(most, Math.floor(busyShare * busy));
  const behind = Math.min(roomTasks, catchUp(outlook, catchUpSeconds) - present);
  if (behind > Math.max(priced, sure)) return { tasks: behind, because: 'catchUp' };
  if (sure > priced) return { tasks: sure, because: 'busyAnyway' };
  return { tasks: priced, because: priced > 0 ? 'price' : 'none' };
};

/** The count with the greatest worth, 0 when none is worth anything. */
const best = (worth: (tasks: number) => number, most: number): number => {
  let tasks = 0;
  let greatest = 0;
  const tryOut = (candidate: number): boolean => {
    const value = worth(candidate);
    if (value <= greatest) return false;
    greatest = value;
    tasks = candidate;
    return true;
  };
  for (
    let candidate = 1;
    candidate <= most;
    candidate = candidate < fineCount ? candidate + 1 : Math.ceil(candidate * growth)
  )
    tryOut(candidate);
  while (tasks > fineCount && tryOut(tasks - Math.max(1, Math.round(tasks * refinement))));
  return tasks;
};

/**
 * Launches that the jobs waiting now keep busy until their deadlines: started at once instead of at the last moment, fewer
 * tasks do the same work, each for longer. Overdue jobs have no deadline to lose any more: they are due evenly over the
 * time in which they are to be worked off.
 */
const launchesKeptBusy = (outlook: Outlook, catchUpSeconds: Seconds): number => {
  const { classes, readyTasks, launchedTasks, concurrency, serviceSeconds, startDelay, tickSeconds } = outlook;
  const readySeconds = startDelayQuantile(startDelay, 0);
  const fromSeconds = readySeconds + tickSeconds;
  const longestSeconds = Math.max(...classes.map((jobs) => jobs.startWithinSeconds));
  const slots = readyTasks * concurrency;
  const running = outlook.jobs - classes.reduce((sum, jobs) => sum + jobs.waiting, 0);
  const overdue = overdueJobs(outlook);
  let most = 0;
  for (let i = 1; i <= 12 && longestSeconds > fromSeconds; i++) {
    const ahead = fromSeconds + ((longestSeconds - fromSeconds) * i) / 12;
    let due = running - overdue * (1 - Math.min(1, (ahead - readySeconds) / catchUpSeconds));
    for (const jobs of classes)
      due += jobs.waiting - (ahead < jobs.startWithinSeconds ? jobs.arrivedWithin(jobs.startWithinSeconds - ahead) : 0);
    const perLaunch = concurrency * (1 + (ahead - readySeconds) / serviceSeconds);
    const startable = slots * (1 + ahead / serviceSeconds) + launchedTasks * perLaunch;
    most = Math.max(most, (due - startable) / perLaunch);
  }
  return most;
};

/** The fleet that works off overdue jobs in time, beside what arrives. 0: none is overdue. At most one slot per job. */
const catchUp = (outlook: Outlook, withinSeconds: Seconds): number => {
  const { jobs, concurrency, ratePerSecond, serviceSeconds } = outlook;
  const overdue = overdueJobs(outlook);
  if (overdue < 0.5) return 0;
  const slots = ratePerSecond * serviceSeconds + (overdue * serviceSeconds) / withinSeconds;
  return Math.min(Math.ceil(jobs / concurrency), Math.ceil(slots / concurrency));
};

/** The waiting jobs are the newest of their class: those beyond what arrived within the promise are late already. */
const overdueJobs = ({ classes }: Outlook): number =>
  classes.reduce(
    (sum, { waiting, arrivedWithin, startWithinSeconds }) =>
      sum + Math.max(0, waiting - arrivedWithin(startWithinSeconds)),
    0,
  );
