import type { Behavior } from '../../model/policy.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';

export type Entry = readonly [at: EpochSeconds, count: number];

/** For each direction; the list holds at most twice as many. */
const mostOfOneKind = 30;
/** One fewer bucket than entries, and one for the bucket that the window's old end cuts through. */
const buckets = 28;

/**
 * The proposals that can still be the highest of the scale-in window or the lowest of the scale-out window, oldest first.
 * At most 60: above that, neighbours within a 28th of the window merge into the safer value at the later time, so that
 * scale-in comes up to that much later and never earlier, and scale-out is never larger.
 */
export const keepProposals = (
  proposals: readonly Entry[],
  now: EpochSeconds,
  proposed: number,
  behavior: Behavior,
): readonly Entry[] => {
  const all: readonly Entry[] = [...proposals, [now, proposed]];
  const highs = chain(all, now, behavior.scaleIn.stabilizationSeconds, (newer, older) => newer >= older);
  const lows = chain(all, now, behavior.scaleOut.stabilizationSeconds, (newer, older) => newer <= older);
  if (lows.length === 0) return highs;
  if (highs.length === 0) return lows;
  return merged(highs, lows);
};

/** What no later proposal outdoes, oldest first. */
const chain = (
  all: readonly Entry[],
  now: EpochSeconds,
  windowSeconds: Seconds,
  outdoes: (newer: number, older: number) => boolean,
): readonly Entry[] => {
  const kept: Entry[] = [];
  if (windowSeconds <= 0) return kept;
  for (let index = all.length - 1; index >= 0; index -= 1) {
    const entry = all[index];
    if (entry === undefined || entry[0] <= now - windowSeconds) continue;
    const last = kept.at(-1);
    if (last === undefined || !outdoes(last[1], entry[1])) kept.push(entry);
  }
  kept.reverse();
  return kept.length > mostOfOneKind ? thinned(kept, windowSeconds / buckets) : kept;
};

/** Within a chain the older entry has the safer value and the newer one the safer time. */
const thinned = (kept: readonly Entry[], bucketSeconds: Seconds): readonly Entry[] => {
  const out: Entry[] = [];
  let bucket = Number.NaN;
  for (const [at, count] of kept) {
    const own = Math.floor(at / bucketSeconds);
    const last = out.at(-1);
    if (own === bucket && last !== undefined) out[out.length - 1] = [at, last[1]];
    else out.push([at, count]);
    bucket = own;
  }
  return out;
};

const merged = (highs: readonly Entry[], lows: readonly Entry[]): readonly Entry[] => {
  const out = [...highs];
  for (const low of lows) if (!highs.some((high) => high[0] === low[0] && high[1] === low[1])) out.push(low);
  return out.sort((a, b) => a[0] - b[0]);
};
