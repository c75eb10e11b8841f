import type { EpochSeconds, Seconds } from '../../model/units.ts';

/** What was asked for, oldest first: when, and by how many tasks. */
export type Actions = readonly (readonly [EpochSeconds, number])[];

const keptSeconds: Seconds = 3600;
const mostActions = 60;

/** The last hour, at most 60 actions. The very last one stays longer: it tells which way the next one turns. */
export const keepActions = (actions: Actions, now: EpochSeconds): Actions => {
  const kept = actions.filter(([at], index) => at > now - keptSeconds || index === actions.length - 1);
  return kept.length > mostActions ? kept.slice(-mostActions) : kept;
};

/** When the direction turned within the last seconds, oldest first. */
export const turns = (actions: Actions, now: EpochSeconds, seconds: Seconds): readonly EpochSeconds[] => {
  const found: EpochSeconds[] = [];
  for (let index = 1; index < actions.length; index += 1) {
    const [at, delta] = actions[index] ?? [0, 0];
    const before = actions[index - 1]?.[1] ?? 0;
    if (at > now - seconds && at <= now && delta > 0 !== before > 0) found.push(at);
  }
  return found;
};
