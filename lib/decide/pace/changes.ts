import type { Behavior, DirectionBehavior } from '../../model/policy.ts';
import type { HotState, PacingState } from '../../model/state.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { Entry } from './proposals.ts';

const mostChanges = 60;
const buckets = 28;

/** Net change within a period that ends now. A change exactly one period old is outside, as in Kubernetes. */
export const netChange = (changes: readonly Entry[], now: EpochSeconds, periodSeconds: Seconds): number => {
  let net = 0;
  for (const [at, delta] of changes) if (at > now - periodSeconds) net += delta;
  return net;
};

/** What was added within the last seconds, scale-in not deducted. */
export const addedWithin = (changes: readonly Entry[], now: EpochSeconds, seconds: Seconds): number => {
  let added = 0;
  for (const [at, delta] of changes) if (delta > 0 && at > now - seconds) added += delta;
  return added;
};

/**
 * True when the last change was asked for and never happened (a crash between commit and act): the count is still what
 * it was before. Then it must not be counted against the limits, or the repair would wait for a cooldown of nothing.
 */
export const lastChangeWasLost = (pacing: PacingState, hot: HotState, current: number): boolean => {
  const last = pacing.changes.at(-1);
  return hot.asked >= 0 && hot.asked !== current && last !== undefined && current + last[1] === hot.asked;
};

/** Changes that some limit may still look at, oldest first; at most 60. */
export const keepChanges = (changes: readonly Entry[], now: EpochSeconds, behavior: Behavior): readonly Entry[] => {
  const seconds = Math.max(longest(behavior.scaleOut), longest(behavior.scaleIn));
  const kept = changes.filter(([at]) => at > now - seconds);
  return kept.length > mostChanges ? thinned(kept, seconds / buckets) : kept;
};

const longest = (direction: DirectionBehavior): Seconds => {
  let seconds = direction.cooldownSeconds;
  for (const policy of direction.policies) seconds = Math.max(seconds, policy.periodSeconds);
  return seconds;
};

/** Adds up each sign by itself within a 28th of the longest period, at the later time: a limit counts it longer, never shorter. */
const thinned = (kept: readonly Entry[], bucketSeconds: Seconds): readonly Entry[] => {
  const sums = new Map<string, [number, number]>();
  for (const [at, delta] of kept) {
    const key = `${Math.floor(at / bucketSeconds)}${delta > 0 ? '+' : '-'}`;
    sums.set(key, [at, delta + (sums.get(key)?.[1] ?? 0)]);
  }
  return [...sums.values()].sort((a, b) => a[0] - b[0]);
};
