import { nextHot } from '../../decide/next-state.ts';
import type { DecisionRecord } from '../../model/decision.ts';
import type { LearntState, ServiceState } from '../../model/state.ts';
import type { EpochSeconds } from '../../model/units.ts';

/**
 * The state after a tick that came out differently: what was learnt is the replay's, what was asked for is history's.
 * Otherwise the next tick would take the recorded count for somebody else's doing, and cooldowns would run from changes
 * that were never made.
 */
export const followHistory = (
  { observation: { now }, decision }: DecisionRecord,
  before: ServiceState,
  made: ServiceState,
): ServiceState => {
  const { from, kind } = decision;
  // What was only shadowed was never asked for.
  const desired = decision.shadow ? from : decision.desired;
  const wasHeld = kind === 'hold' && from === desired;
  const hot = wasHeld
    ? { ...before.hot, asked: from, askedFrom: from }
    : nextHot(before.hot, now, from, desired, made.hot.unknownSince);
  const delta = desired === before.hot.asked ? 0 : desired - from;
  const { learnt } = made;
  return {
    hot,
    learnt: {
      ...learnt,
      pacing: { ...learnt.pacing, changes: withReal(learnt.pacing.changes, now, delta) },
      ...(learnt.guard && { guard: { ...learnt.guard, actions: withReal(learnt.guard.actions, now, delta) } }),
    },
  };
};

type Changes = LearntState['pacing']['changes'];

const withReal = (changes: Changes, now: EpochSeconds, delta: number): Changes => [
  ...changes.filter(([at]) => at !== now),
  ...(delta === 0 ? [] : [[now, delta] as const]),
];
