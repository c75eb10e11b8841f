import type { History } from '../../model/history.ts';
import type { Seconds } from '../../model/units.ts';

const startsMin = 20;
const periodMax: Seconds = 60;
const shortest: Seconds = 5;
const longest: Seconds = 900;

/**
 * Mean time from a task's request to its running, by Little's law on the tasks that are missing: (desired − running) over
 * time ÷ tasks asked for. Undefined when the counts were not recorded each minute, or too little was started.
 */
export const startDelayOf = (history: History): Seconds | undefined => {
  let missingTaskSeconds = 0;
  let starts = 0;
  let before: { readonly end: number; readonly desired: number } | undefined;
  for (const { at, periodSeconds, desired, running } of history) {
    if (desired === undefined || running === undefined || periodSeconds > periodMax) continue;
    missingTaskSeconds += Math.max(0, desired - running) * periodSeconds;
    if (before?.end === at) starts += Math.max(0, desired - before.desired);
    before = { end: at + periodSeconds, desired };
  }
  if (starts < startsMin) return undefined;
  return Math.min(longest, Math.max(shortest, missingTaskSeconds / starts));
};
