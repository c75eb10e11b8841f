import type { PlayedHour } from './play-day.ts';

/** Tasks of an hour with so many jobs under such a minimum, by the replayed hours that are most like it. */
export const hoursAlike = (played: readonly PlayedHour[]): ((jobs: number, level: number) => number) => {
  const byLevel = new Map<number, PlayedHour[]>();
  for (const hour of played) {
    const same = byLevel.get(hour.level) ?? [];
    byLevel.set(hour.level, same);
    same.push(hour);
  }
  for (const same of byLevel.values()) same.sort((a, b) => a.jobs - b.jobs);
  const all = played.toSorted((a, b) => a.jobs - b.jobs);
  return (jobs, level) => Math.max(level, tasksLike(byLevel.get(level) ?? all, jobs));
};

/** One hour is chance, a few of them are not. */
const neighbours = 6;

const tasksLike = (sorted: readonly PlayedHour[], jobs: number): number => {
  const from = Math.max(0, Math.min(sorted.length - neighbours, placeOf(sorted, jobs) - neighbours / 2));
  const near = sorted.slice(from, from + neighbours);
  const tasks = near.reduce((sum, hour) => sum + hour.tasks, 0) / Math.max(1, near.length);
  const meanJobs = near.reduce((sum, hour) => sum + hour.jobs, 0) / Math.max(1, near.length);
  const most = sorted.at(-1)?.jobs ?? 0;
  // Busier than any hour that was played: as many more tasks as jobs.
  return jobs > most && meanJobs > 0 ? (tasks * jobs) / meanJobs : tasks;
};

/** Hours with fewer jobs. */
const placeOf = (sorted: readonly PlayedHour[], jobs: number): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as PlayedHour).jobs < jobs) low = middle + 1;
    else high = middle;
  }
  return low;
};
