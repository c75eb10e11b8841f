import type { Behavior } from '../../model/policy.ts';
import type { HotState } from '../../model/state.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { addedWithin } from './changes.ts';
import { type Clamp, clock } from './clamp.ts';
import type { Entry } from './proposals.ts';

/**
 * Cooldowns as Application Auto Scaling has them. Out: only what exceeds the capacity just added, so a larger scale-out
 * passes with the difference. In: blocked, unless a scale-out came in between and cancelled the rest.
 */
export const coolDown = (
  wanted: number,
  current: number,
  now: EpochSeconds,
  behavior: Behavior,
  changes: readonly Entry[],
  hot: HotState,
): Clamp | undefined => {
  if (wanted > current) return coolOut(wanted, current, now, behavior.scaleOut.cooldownSeconds, changes, hot);
  if (wanted < current) return coolIn(wanted, current, now, behavior.scaleIn.cooldownSeconds, hot);
  return undefined;
};

const coolOut = (
  wanted: number,
  current: number,
  now: EpochSeconds,
  cooldownSeconds: number,
  changes: readonly Entry[],
  hot: HotState,
): Clamp | undefined => {
  if (hot.scaledOutAt === 0 || now - hot.scaledOutAt >= cooldownSeconds) return undefined;
  const added = Math.max(hot.scaledOutBy, addedWithin(changes, now, cooldownSeconds));
  const to = Math.max(current, wanted - added);
  if (to === wanted) return undefined;
  const until = clock(hot.scaledOutAt + cooldownSeconds);
  const text = `It would be ${wanted}, but ${added} were just added and count towards it; the scale-out cooldown ends at ${until}.`;
  return { code: 'scaleOutCooldown', text, to };
};

const coolIn = (
  wanted: number,
  current: number,
  now: EpochSeconds,
  cooldownSeconds: number,
  hot: HotState,
): Clamp | undefined => {
  if (hot.scaledInAt === 0 || now - hot.scaledInAt >= cooldownSeconds) return undefined;
  if (hot.scaledOutAt > hot.scaledInAt) return undefined;
  const until = clock(hot.scaledInAt + cooldownSeconds);
  return {
    code: 'scaleInCooldown',
    text: `It would be ${wanted}, but the scale-in cooldown ends at ${until}.`,
    to: current,
  };
};
