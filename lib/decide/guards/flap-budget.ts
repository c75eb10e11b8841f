import type { EpochSeconds } from '../../model/units.ts';
import { clock } from '../pace/clamp.ts';
import type { ClosedDirection } from '../ruling.ts';
import { type Actions, turns } from './actions.ts';

const hourSeconds = 3600;

/** When the hour's changes of direction are used up, a scale-in that would turn again waits. Scale-out never waits. */
export const flapBudget = (
  perHour: number | undefined,
  actions: Actions,
  now: EpochSeconds,
): ClosedDirection | undefined => {
  const last = actions.at(-1);
  if (perHour === undefined || last === undefined || last[1] < 0) return undefined;
  const turned = turns(actions, now, hourSeconds);
  if (turned.length < perHour) return undefined;
  const until = clock((turned.at(-perHour) ?? now) + hourSeconds);
  const text = `The direction changed ${turned.length} times within the hour and the flap budget is ${perHour}, so scale-in waits until ${until}.`;
  return { code: 'flapBudget', text };
};
