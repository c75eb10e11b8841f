import type { Behavior } from '../../model/policy.ts';
import type { EpochSeconds } from '../../model/units.ts';
import type { Clamp } from './clamp.ts';
import { clock } from './clamp.ts';
import type { Entry } from './proposals.ts';

/**
 * Kubernetes' stabilization: out follows the lowest proposal of its window, in the highest of its own.
 * A proposal exactly one window old is outside. While the history is younger than the scale-in window nothing scales in.
 */
export const stabilize = (
  proposed: number,
  current: number,
  now: EpochSeconds,
  proposals: readonly Entry[],
  behavior: Behavior,
  since: EpochSeconds,
): Clamp | undefined => {
  if (proposed > current)
    return stabilizeOut(proposed, current, now, proposals, behavior.scaleOut.stabilizationSeconds);
  if (proposed < current)
    return stabilizeIn(proposed, current, now, proposals, behavior.scaleIn.stabilizationSeconds, since);
  return undefined;
};

const stabilizeOut = (
  proposed: number,
  current: number,
  now: EpochSeconds,
  proposals: readonly Entry[],
  windowSeconds: number,
): Clamp | undefined => {
  // Oldest first, so of equal proposals the newest decides how long it counts.
  let lowest: Entry = [now, proposed];
  for (const entry of proposals) if (entry[0] > now - windowSeconds && entry[1] <= lowest[1]) lowest = entry;
  const to = Math.max(current, lowest[1]);
  if (to === proposed) return undefined;
  const until = clock(lowest[0] + windowSeconds);
  const text = `It would be ${proposed}, but the lowest proposal of the last ${windowSeconds} s was ${lowest[1]}; that one counts until ${until}.`;
  return { code: 'scaleOutStabilized', text, to };
};

const stabilizeIn = (
  proposed: number,
  current: number,
  now: EpochSeconds,
  proposals: readonly Entry[],
  windowSeconds: number,
  since: EpochSeconds,
): Clamp | undefined => {
  if (now - since < windowSeconds) {
    const text = `It would be ${proposed}, but the history is only ${Math.max(0, Math.round(now - since))} s long; scale-in waits until ${clock(since + windowSeconds)}.`;
    return { code: 'historyTooShort', text, to: current };
  }
  let highest: Entry = [now, proposed];
  for (const entry of proposals) if (entry[0] > now - windowSeconds && entry[1] >= highest[1]) highest = entry;
  const to = Math.min(current, highest[1]);
  if (to === proposed) return undefined;
  const until = clock(highest[0] + windowSeconds);
  const text = `It would be ${proposed}, but the highest proposal of the last ${windowSeconds} s was ${highest[1]}; that one counts until ${until}.`;
  return { code: 'scaleInStabilized', text, to };
};
