import type { Decision, ExplanationStep } from '../model/decision.ts';
import type { Settings } from '../model/plan.ts';
import type { HotState, ServiceState } from '../model/state.ts';
import type { EpochSeconds } from '../model/units.ts';
import type { Guarded } from './guard.ts';

/** Nothing is decided. State moves on only in what the guard itself must remember. */
export const held = (
  guarded: Guarded,
  step: ExplanationStep,
  settings: Settings,
  state: ServiceState,
  now: EpochSeconds,
): Decision => ({
  service: settings.service,
  at: now,
  kind: 'hold',
  from: step.from,
  desired: step.to,
  size: settings.size,
  state: step.code === 'duplicateTick' ? state : remembered(guarded, state, now),
  alerts: guarded.alerts,
  explanation: [step],
  summary: step.text,
  shadow: settings.mode === 'shadow',
});

const remembered = (guarded: Guarded, state: ServiceState, now: EpochSeconds): ServiceState => {
  // A foreign count becomes the new reference, or each tick would discover it anew and never let go.
  const foreign =
    guarded.foreignUntil > now && guarded.service
      ? { asked: guarded.service.desired, askedFrom: guarded.service.desired }
      : {};
  const hot: HotState = { ...state.hot, ...foreign, lastTickAt: now, foreignUntil: guarded.foreignUntil };
  return { hot, learnt: { ...state.learnt, guard: guarded.memory } };
};
