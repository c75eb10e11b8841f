import type { History } from '../../model/history.ts';

const periodsMin = 10;

/**
 * Jobs that a task runs at a time: what is in flight per running task while more waits than there are tasks, the median
 * of such periods. Undefined when the fleet was never that busy, or its size is not known.
 */
export const concurrencyOf = (history: History): number | undefined => {
  const perTask = history
    .flatMap(({ visible = 0, inFlight, running = 0 }) =>
      inFlight !== undefined && running >= 1 && visible > inFlight && visible > 2 * running ? [inFlight / running] : [],
    )
    .sort((a, b) => a - b);
  const median = perTask[Math.floor(perTask.length / 2)];
  return perTask.length < periodsMin || median === undefined ? undefined : Math.max(1, Math.round(median));
};
