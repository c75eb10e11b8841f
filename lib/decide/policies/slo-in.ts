import { startDelayQuantile } from '../../forecast/start-delay.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { expectedLate, type Horizon, horizonOf } from './slo-late.ts';
import { type Outlook, withoutYoungest } from './slo-outlook.ts';

/** A start costs about so many task-seconds: image pull, stopping, and what is left of the first billed minute. */
export const startCostSeconds: Seconds = 35;
/** Where late jobs are dear, a task is held so long after it was needed, for each unit of the price's logarithm above the border and a start that takes as long as the promise. */
const holdSecondsPerLogPrice: Seconds = 11;
const holdFromLogPrice = 4;
const holdSharesMax = 2;
/** With so much time to wait for a new task, an idle one need not be kept. */
const ampleSeconds: Seconds = 60;
/** Tasks of the offered load that stay when the queue runs empty and there is ample time: they will be busy again. */
const steadyShare = 0.8;
/** A dropped task can be asked for again at the next tick, so only this part of the lateness without it counts. */
const regretShare = 0.1;
/** Less than this part of a task's slots in use does not count as one more task at work. */
const partMax = 0.3;
const fineCount = 4;
const growth = 1.35;

/** Tasks that are at work or have a job waiting for them. */
export const busyTasks = (outlook: Outlook): number =>
  Math.ceil(Math.max(0, outlook.jobs) / outlook.concurrency - partMax);

/**
 * How long a task is kept after it was needed. Not at all while late jobs are cheap: then what the next seconds can bring
 * is foreseen well. A high price of a late job says that it is not, and the fleet stands longer after each burst; the longer,
 * the less a start can do.
 *
 * @param reactionShare time from a job's arrival until a task that is started for it is ready, as a share of the promise
 */
export const holdWindow = (
  ampleTime: boolean,
  logPrice: number,
  tickSeconds: Seconds,
  reactionShare: number,
): Seconds =>
  // The need before this one is a tick old, so only what is longer than a tick holds anything.
  ampleTime
    ? 0
    : tickSeconds +
      holdSecondsPerLogPrice * Math.min(holdSharesMax, reactionShare) * Math.max(0, logPrice - holdFromLogPrice);

/** The largest need of the hold window: an idle task goes only after it was idle for the whole of it. */
export const holdIdle = (
  needs: readonly (readonly [EpochSeconds, number])[],
  now: EpochSeconds,
  tasks: number,
  windowSeconds: Seconds,
): { readonly tasks: number; readonly needs: readonly (readonly [EpochSeconds, number])[] } => {
  const kept = needs.filter(([at, need]) => at > now - windowSeconds && need > tasks);
  const next = [...kept, [now, tasks] as const];
  return { tasks: next[0]?.[1] ?? tasks, needs: next };
};

/** True when a new task is ready long before a job that comes now must start. */
export const hasAmpleTime = (outlook: Outlook, counterAgeSeconds: Seconds): boolean => {
  const shortestSeconds = Math.min(...outlook.classes.map((jobs) => jobs.startWithinSeconds));
  const { startDelay, tickSeconds } = outlook;
  return shortestSeconds - startDelayQuantile(startDelay, 1.3) - tickSeconds - counterAgeSeconds > ampleSeconds;
};

/**
 * The tasks to keep when none is to be started: those at work, and of the idle ones and those on their way each that saves
 * more by being there for the next burst than it costs until the next tick.
 *
 * @param latePrice of one late job, in starts
 * @param queueIsEmpty the counter shows no waiting job
 */
export const tasksToKeep = (
  outlook: Outlook,
  horizon: Horizon,
  latePrice: number,
  ampleTime: boolean,
  queueIsEmpty: boolean,
): number => {
  const { readyTasks, launchedTasks, concurrency, tickSeconds, ratePerSecond, serviceSeconds } = outlook;
  const steady = ampleTime ? Math.floor((steadyShare * ratePerSecond * serviceSeconds) / concurrency) : 0;
  // Tasks finish what they run and go one by one: the next jobs can wait for a start.
  if (ampleTime && queueIsEmpty) return steady;
  const present = readyTasks + launchedTasks;
  const spare = Math.max(0, present - busyTasks(outlook));
  const lateWith = expectedLate(outlook, horizon, readyTasks, 0, 'now').late;
  let dropped = 0;
  for (let tasks = 1; tasks <= spare; tasks = nextCount(tasks, spare)) {
    const saved = (tasks * tickSeconds) / startCostSeconds;
    if (latePrice * regretShare * (lateWithout(outlook, horizon, tasks) - lateWith) > saved) break;
    dropped = tasks;
  }
  return Math.max(steady, present - dropped);
};

/** Late jobs when so many tasks less are there. A lower count cancels launches first, the youngest ones. */
const lateWithout = (outlook: Outlook, horizon: Horizon, tasks: number): number => {
  const cancelled = Math.min(tasks, outlook.launchedTasks);
  const readyTasks = outlook.readyTasks - (tasks - cancelled);
  if (cancelled === 0) return expectedLate(outlook, horizon, readyTasks, 0, 'now').late;
  const without = withoutYoungest(outlook, cancelled);
  return expectedLate(without, horizonOf(without), readyTasks, 0, 'now').late;
};

/** Counts are tried one by one, then in growing steps, and the last one always. */
const nextCount = (tasks: number, last: number): number => {
  if (tasks >= last) return Number.POSITIVE_INFINITY;
  return Math.min(last, tasks < fineCount ? tasks + 1 : Math.ceil(tasks * growth));
};

/** A smaller count, and the idle time that was put up with for the sake of fewer changes. */
export interface ScaleIn {
  readonly tasks: number;
  readonly idledSeconds: Seconds;
}

/**
 * A change of the desired count has a price of its own: tasks go when those that could have gone have idled, in sum, for as
 * long as the change is worth. Large falls are made at once, small wobbles not at all.
 *
 * @param idledSeconds task-seconds put up with so far
 */
export const worthTheChange = (
  current: number,
  wanted: number,
  idledSeconds: Seconds,
  elapsedSeconds: Seconds,
  changeCostSeconds: Seconds,
): ScaleIn => {
  if (wanted >= current) return { tasks: wanted, idledSeconds: 0 };
  const idled = idledSeconds + (current - wanted) * elapsedSeconds;
  return idled < changeCostSeconds ? { tasks: current, idledSeconds: idled } : { tasks: wanted, idledSeconds: 0 };
};
