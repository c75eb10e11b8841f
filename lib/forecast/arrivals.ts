import type { EpochSeconds, Seconds } from '../model/units.ts';

/**
 * The cumulative arrival curve, as a short list of points: [time, jobs that had arrived by then]. Its level is
 * "started by the workers' own count" + "visible in the queue", so the counter's noise never adds up.
 */
export interface Arrivals {
  readonly curve: readonly (readonly [at: EpochSeconds, jobs: number])[];
  /** Variance of the counts per window over their mean: 1 for Poisson, more for bursts. */
  readonly dispersion: number;
}

/** Points that are kept. Older ones are thinned out to twice the distance. */
const pointsMax = 64;
const shortestSeconds: Seconds = 60;
const windowsSeconds: readonly Seconds[] = [shortestSeconds, 120, 240, 480, 960];
/** A longer window is believed while the shorter one differs by less than so many standard deviations. */
const agreementSigmas = 1.5;
const dispersionMax = 8;
const dispersionShare = 0.02;

export const initialArrivals: Arrivals = { curve: [], dispersion: 1 };

/**
 * @param jobs the curve's level now. It may step back (an approximate counter): the curve then waits for it to catch up.
 */
export const observeArrivals = (arrivals: Arrivals, now: EpochSeconds, jobs: number): Arrivals => {
  const curve = thinned(arrivals.curve);
  curve.push([now, jobs]);
  return { curve, dispersion: nextDispersion(arrivals, curve, now) };
};

/** Jobs per second: the mean over the longest window that the shorter ones agree with. */
export const arrivalRate = (arrivals: Arrivals, now: EpochSeconds): number => {
  let chosen = 0;
  let first = true;
  const last = arrivals.curve.at(-1);
  const start = arrivals.curve[0];
  if (!last || !start || last[0] <= start[0]) return 0;
  const knownSeconds = last[0] - start[0];
  for (const windowSeconds of windowsSeconds) {
    const span = Math.min(windowSeconds, knownSeconds);
    const count = Math.max(0, last[1] - arrivedBy(arrivals, now - span));
    const rate = count / span;
    if (first) chosen = rate;
    else {
      const tolerance = agreementSigmas * Math.sqrt((arrivals.dispersion * Math.max(rate, 1 / span)) / shortestSeconds);
      if (Math.abs(rate - chosen) > tolerance) break;
      chosen = rate;
    }
    first = false;
    if (windowSeconds >= knownSeconds) break;
  }
  return chosen;
};

/** Jobs that had arrived by `at`, interpolated; before the curve begins, its first level. */
export const arrivedBy = (arrivals: Arrivals, at: EpochSeconds): number => {
  const { curve } = arrivals;
  let i = curve.length - 1;
  while (i >= 0 && (curve[i]?.[0] ?? 0) > at) i--;
  const before = curve[i];
  if (!before) return curve[0]?.[1] ?? 0;
  const after = curve[i + 1];
  if (!after) return before[1];
  const share = (at - before[0]) / (after[0] - before[0]);
  return before[1] + share * (after[1] - before[1]);
};

/** Keeps the last half at full resolution and every other point of the older half. */
const thinned = (curve: Arrivals['curve']): (readonly [EpochSeconds, number])[] => {
  if (curve.length < pointsMax) return curve.slice();
  const half = pointsMax / 2;
  return curve.filter((_, i) => i >= half || i % 2 === 0);
};

/** One step of an exponential mean of (count − expected)² ÷ expected over the shortest window. */
const nextDispersion = (arrivals: Arrivals, curve: Arrivals['curve'], now: EpochSeconds): number => {
  const windowSeconds = shortestSeconds;
  const last = curve.at(-1);
  const start = curve[0];
  if (!last || !start || last[0] - start[0] < 4 * windowSeconds) return arrivals.dispersion;
  const at = { curve, dispersion: 1 };
  const recent = last[1] - arrivedBy(at, now - windowSeconds);
  const span = Math.min(480, last[0] - windowSeconds - start[0]);
  const expected =
    ((arrivedBy(at, now - windowSeconds) - arrivedBy(at, now - windowSeconds - span)) / span) * windowSeconds;
  if (expected < 0.5) return arrivals.dispersion;
  const sample = Math.min(4 * dispersionMax, (recent - expected) ** 2 / expected);
  return Math.min(dispersionMax, Math.max(1, arrivals.dispersion + dispersionShare * (sample - arrivals.dispersion)));
};
