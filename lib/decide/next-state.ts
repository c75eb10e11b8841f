import type { HotState, LearntState } from '../model/state.ts';
import type { EpochSeconds } from '../model/units.ts';

export const nextHot = (
  hot: HotState,
  now: EpochSeconds,
  current: number,
  desired: number,
  unknownSince: EpochSeconds,
): HotState => {
  const base = { ...hot, lastTickAt: now, unknownSince, foreignUntil: 0 };
  if (desired === current) return { ...base, asked: current, askedFrom: current };
  if (desired === hot.asked) return base;
  const asked = { ...base, asked: desired, askedFrom: current };
  return desired > current
    ? { ...asked, scaledOutAt: now, scaledOutBy: desired - current }
    : { ...asked, scaledInAt: now };
};

export const withChange = (pacing: LearntState['pacing'], now: EpochSeconds, delta: number): LearntState['pacing'] => ({
  ...pacing,
  changes: [...pacing.changes, [now, delta]],
});
