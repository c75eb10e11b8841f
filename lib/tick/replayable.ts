import type { AppliedReading } from '../model/applied.ts';
import type { ServiceBinding } from '../model/binding.ts';
import type { DecisionRecord } from '../model/decision.ts';
import type { Settings } from '../model/plan.ts';
import type { HotState } from '../model/state.ts';
import type { EpochSeconds } from '../model/units.ts';
import type { RecalledLearnt } from './memory.ts';
import { planMark } from './plan-mark.ts';

/**
 * What `replay` needs beside observation and plan. The state goes into the record only where it does not follow from
 * the record before, and with the first tick of an hour: each hour of a log can then be replayed by itself, for one
 * write unit or two an hour instead of two a tick.
 */
export const replayable = (
  {
    binding,
    hot,
    recalled,
    given,
    applied,
  }: {
    readonly binding: ServiceBinding;
    readonly hot: HotState;
    readonly recalled: RecalledLearnt;
    readonly given: Partial<Settings>;
    readonly applied?: AppliedReading;
  },
  now: EpochSeconds,
): Pick<DecisionRecord, 'after' | 'plan' | 'given' | 'applied' | 'before'> => {
  const { observed: _, ...learnt } = recalled.learnt;
  const newHour = Math.floor(hot.lastTickAt / 3600) !== Math.floor(now / 3600);
  return {
    after: hot.lastTickAt,
    plan: planMark(binding.plan),
    ...(Object.keys(given).length > 0 ? { given } : {}),
    ...(applied === undefined ? {} : { applied }),
    ...(newHour || !recalled.continuous ? { before: { hot, learnt } } : {}),
  };
};
