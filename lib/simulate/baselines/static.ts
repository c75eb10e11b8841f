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
  const allowed = Math.floor((1 - percent / 100) * jobs.count * (1 + 1e-12));
  const goal = lateJobs(jobs, setup, max, allowed) <= allowed ? allowed : lateJobs(jobs, setup, max, jobs.count);
  let tooFew = Math.max(min, Math.floor(jobs.workSeconds / setup.concurrency / jobs.endSeconds)) - 1;
  while (tooFew >= min && lateJobs(jobs, setup, tooFew, goal) <= goal)
    tooFew = Math.max(min - 1, Math.floor(tooFew / 2));
  let enough = max;
  // Upwards by doubling first: a fleet that is far too large costs more to simulate than one that is too small.
  for (let step = 1; tooFew + step < enough; step *= 2) {
    if (lateJobs(jobs, setup, tooFew + step, goal) <= goal) enough = tooFew + step;
    else tooFew += step;
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (lateJobs(jobs, setup, middle, goal) <= goal) enough = middle;
    else tooFew = middle;
  }
  return enough;
};

/**
 * Late jobs of a fixed fleet, counted until there are more than `most`: the engine's result without the engine,
 * since a fixed FIFO fleet needs only the time at which each slot comes free.
 */
export const lateJobs = (jobs: SimulatedJobs, setup: Setup, tasks: number, most: number): number => {
  const { arrivalSeconds, serviceSeconds, count, endSeconds } = jobs;
  const { startWithinSeconds, concurrency } = setup;
  const delay = startDelays(setup.world.startDelay, setup.seed);
  const freeAt = new Float64Array(tasks * concurrency);
  for (let task = 0; task < tasks; task += 1) freeAt.fill(delay(), task * concurrency, (task + 1) * concurrency);
  freeAt.sort();
  let late = 0;
  for (let job = 0; job < count && late <= most; job += 1) {
    const arrival = arrivalSeconds[job] as number;
    const start = tasks === 0 ? Number.POSITIVE_INFINITY : Math.max(arrival, freeAt[0] as number);
    // At the end of the run, what waits is late only when it is old enough.
    if (Math.min(start, endSeconds) - arrival > startWithinSeconds) late += 1;
    if (start >= endSeconds) continue;
    sinkRoot(freeAt, start + (serviceSeconds[job] as number));
  }
  return late;
};

/** Replaces the smallest entry of a binary heap. */
const sinkRoot = (heap: Float64Array, value: number): void => {
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
