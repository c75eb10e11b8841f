import type { Setup } from '../engine/setup.ts';
import { startDelays } from '../engine/start-delays.ts';
import type { SimulatedJobs } from '../simulated-jobs.ts';
import type { Setting } from './situation.ts';

/** The same count all the time. */
export const staticSetting = (tasks: number): Setting => ({
  text: `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`,
  create: () => ({ tickSeconds: 60, initial: tasks, bounds: { min: tasks, max: tasks }, decide: () => undefined }),
});

/**
 * The smallest static fleet that keeps the promise; where none within the bounds does, the smallest of those that come
 * nearest to it. Waits of a FIFO queue never grow with one more server, so halving the range finds it.
 */
export const bestStaticTasks = (jobs: SimulatedJobs, setup: Setup, percent: number): number => {
  const { min, max } = setup.bounds;
  const mostLate = Math.ceil((1 - percent / 100) * jobs.count);
  const keeps = (tasks: number): boolean => {
    const { late, judged } = lateJobs(jobs, setup, tasks, mostLate);
    return late <= mostLate && (judged === 0 || 100 * (1 - late / judged) >= percent);
  };
  // Fewer could not even do the work.
  const from = Math.max(min, Math.min(max, Math.floor(jobs.workSeconds / setup.concurrency / jobs.endSeconds)));
  const least = leastThat(keeps, from, max);
  if (least !== undefined) return least === from ? (leastThat(keeps, min, from) ?? from) : least;
  const { late } = lateJobs(jobs, setup, max, jobs.count);
  return leastThat((tasks) => lateJobs(jobs, setup, tasks, late).late <= late, from, max) ?? max;
};

/** By doubling steps upwards, then halving: a fleet that is far too large is the slowest of all to simulate. */
const leastThat = (holds: (tasks: number) => boolean, from: number, max: number): number | undefined => {
  if (holds(from)) return from;
  let tooFew = from;
  let enough: number | undefined;
  for (let step = 1; enough === undefined; step *= 2) {
    if (tooFew === max) return undefined;
    const next = Math.min(max, tooFew + step);
    if (holds(next)) enough = next;
    else tooFew = next;
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (holds(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
};

/**
 * Late jobs of a fixed fleet, counted until there are more than `most`: the engine's result without the engine,
 * since a fixed FIFO fleet needs only the time at which each slot comes free. `judged` as in `Outcome`.
 */
export const lateJobs = (
  jobs: SimulatedJobs,
  setup: Setup,
  tasks: number,
  most: number,
): { readonly late: number; readonly judged: number } => {
  const { arrivalSeconds, serviceSeconds, count, endSeconds } = jobs;
  const { startWithinSeconds, concurrency } = setup;
  const delay = startDelays(setup.world.startDelay, setup.seed);
  const freeAt = new Float64Array(tasks * concurrency);
  for (let task = 0; task < tasks; task += 1) freeAt.fill(delay(), task * concurrency, (task + 1) * concurrency);
  freeAt.sort();
  let late = 0;
  let judged = 0;
  for (let job = 0; job < count && late <= most; job += 1) {
    const arrival = arrivalSeconds[job] as number;
    const start = tasks === 0 ? Number.POSITIVE_INFINITY : Math.max(arrival, freeAt[0] as number);
    // What still waits at the end is late when it is old enough, and else neither late nor in time.
    const isLate = Math.min(start, endSeconds) - arrival > startWithinSeconds;
    if (isLate) late += 1;
    if (isLate || start <= endSeconds) judged += 1;
    if (start <= endSeconds) replaceLeast(freeAt, start + (serviceSeconds[job] as number));
  }
  return { late, judged };
};

/** Replaces the smallest entry of a binary heap. */
const replaceLeast = (heap: Float64Array, value: number): void => {
  const size = heap.length;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= size) break;
    let below = heap[child] as number;
    if (child + 1 < size && (heap[child + 1] as number) < below) {
      child += 1;
      below = heap[child] as number;
    }
    if (below >= value) break;
    heap[i] = below;
    i = child;
  }
  heap[i] = value;
};
