import { signalsNeeded } from '../../../decide/signals-needed.ts';
import type { Way } from '../../replay/way.ts';
import type { FargateState } from '../resource.ts';

/** How a service is scaled by now, as a replay can play it. */
export const wayOf = ({ scaling, minimum, max }: FargateState): Way => {
  if (scaling === undefined) return { policy: { type: 'slo' }, minimum, max };
  const { by } = scaling;
  if (by === 'other' || !isPlayable(scaling.policy)) return { policy: 'recorded', minimum, max };
  return { policy: scaling.policy, behavior: scaling.behavior, minimum, max };
};

/** The simulator's world has a queue and a CPU. What else a policy looks at, it cannot show it. */
const isPlayable = (policy: Parameters<typeof signalsNeeded>[0]): boolean =>
  signalsNeeded(policy).every((signal) => played.includes(signal));
const played: readonly string[] = ['cpu', 'queueDepth', 'activeJobs'];

export const isBySlo = ({ scaling }: Pick<FargateState, 'scaling'>): boolean =>
  scaling === undefined || (scaling.by === 'sluice' && scaling.policy.type === 'slo');

/** A fleet that nothing moves: its bounds meet, all the time. */
export const isFixed = ({ minimum, max }: FargateState): boolean => max > 0 && minimum.every((level) => level >= max);

/** `targetTracking`, or what somebody called it. */
export const scalingName = (state: FargateState): string => {
  const { scaling } = state;
  if (scaling?.by === 'other') return scaling.what;
  if (isFixed(state)) return `a fixed count of ${state.max}`;
  return scaling?.policy.type ?? 'slo';
};
