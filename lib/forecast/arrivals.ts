import type { EpochSeconds, Seconds } from '../model/units.ts';

/** Cumulative arrivals as a short list of points, oldest first: [time, jobs that had arrived by then]. */
export type ArrivalCurve = readonly (readonly [at: EpochSeconds, jobs: number])[];

/** What is known of a stream of jobs. */
export interface Arrivals {
  readonly curve: ArrivalCurve;
  /** Variance of the counts per minute over what a Poisson stream would have: 1, and more for bursts. */
  readonly dispersion: number;
}

const windowsSeconds: readonly Seconds[] = [30, 60, 120, 240, 480, 960];
/** A longer window is believed while the shorter one differs by at most so many standard deviations. */
const agreementSigmas = 2;
/** A rise shows in the last seconds first. A fall there may be a gap by chance, so it is not looked for. */
const surgeWindowsSeconds: readonly Seconds[] = [10, 20];
/** On the square-root scale, where small counts are not skewed: three jobs within ten seconds are no surge of a slow stream. */
const surgeSigmas = 3.2;
const dispersionWindowSeconds: Seconds = 60;
const dispersionShare = 0.01;
/** One outlier counts at most so many times the present dispersion. */
const dispersionStep = 20;

export const initialArrivals: Arrivals = { curve: [], dispersion: 1 };

/**
 * @param at the time that the level belongs to: counters and reports are some seconds old
 * @param jobs the curve's level then. It may step back, for counters are approximate; nothing is derived from one step.
 * @param pointsMax points that are kept; of the older half, every other one goes when there are more
 */
export const observeArrivals = (
  arrivals: Arrivals,
  at: EpochSeconds,
  jobs: number,
  pointsMax: number = 64,
): Arrivals => {
  const curve = [...thinned(arrivals.curve, pointsMax), [at, Math.round(jobs * 10) / 10] as const];
  return { curve, dispersion: nextDispersion(arrivals.dispersion, curve) };
};

/**
 * Jobs per second: the mean over the longest window that the shorter ones agree with, or a significant surge.
 *
 * @param levelNoise standard deviation of one level of the curve, in jobs, beyond the stream's own
 */
export const arrivalRate = (curve: ArrivalCurve, levelNoise: number): number => {
  const last = curve.at(-1);
  const first = curve[0];
  if (!last || !first || last[0] <= first[0]) return 0;
  const knownSeconds = last[0] - first[0];
  const countIn = (seconds: Seconds) => Math.max(0, last[1] - arrivedBy(curve, last[0] - seconds));
  const sigma = (expected: number) => Math.sqrt(Math.max(1, expected) + 2 * levelNoise * levelNoise);

  let rate = 0;
  let agreed: { readonly seconds: Seconds; readonly count: number } | undefined;
  for (const windowSeconds of windowsSeconds) {
    const seconds = Math.min(windowSeconds, knownSeconds);
    const count = countIn(seconds);
    if (agreed) {
      const expected = (count / seconds) * agreed.seconds;
      if (Math.abs(agreed.count - expected) > agreementSigmas * sigma(expected)) break;
    }
    agreed = { seconds, count };
    rate = count / seconds;
    if (windowSeconds >= knownSeconds) break;
  }
  for (const windowSeconds of surgeWindowsSeconds) {
    const seconds = Math.min(windowSeconds, knownSeconds);
    const count = countIn(seconds);
    if (isSurge(count, rate * seconds, levelNoise)) rate = Math.max(rate, count / seconds);
  }
  return rate;
};

/** Far more than expected. The square root of a Poisson count has a variance of a quarter, whatever its mean. */
const isSurge = (count: number, expected: number, levelNoise: number): boolean => {
  const rise = 2 * (Math.sqrt(count + 0.375) - Math.sqrt(expected + 0.375));
  const noise = (2 * levelNoise * levelNoise) / Math.max(1, expected);
  return rise > surgeSigmas * Math.sqrt(1 + noise);
};

/** Jobs that had arrived by `at`, interpolated; before the curve begins, its first level. */
export const arrivedBy = (curve: ArrivalCurve, at: EpochSeconds): number => {
  let i = curve.length - 1;
  while (i >= 0 && (curve[i]?.[0] ?? 0) > at) i--;
  const before = curve[i];
  if (!before) return curve[0]?.[1] ?? 0;
  const after = curve[i + 1];
  if (!after) return before[1];
  const share = (at - before[0]) / (after[0] - before[0]);
  return before[1] + share * (after[1] - before[1]);
};

/** Keeps the newer half at full resolution and every other point of the older half. */
const thinned = (curve: ArrivalCurve, pointsMax: number): ArrivalCurve => {
  if (curve.length < pointsMax) return curve;
  const half = Math.floor(pointsMax / 2);
  return curve.filter((_, i) => i >= curve.length - half || i % 2 === 0);
};

/** One step of an exponential mean of (count − expected)² ÷ variance of a Poisson count, minute against minutes before. */
const nextDispersion = (dispersion: number, curve: ArrivalCurve): number => {
  const windowSeconds = dispersionWindowSeconds;
  const last = curve.at(-1);
  const first = curve[0];
  if (!last || !first || last[0] - first[0] < 4 * windowSeconds) return dispersion;
  const windowStart = last[0] - windowSeconds;
  const before = arrivedBy(curve, windowStart);
  const baseSeconds = Math.min(2 * windowSeconds, windowStart - first[0]);
  const expected = ((before - arrivedBy(curve, windowStart - baseSeconds)) / baseSeconds) * windowSeconds;
  if (expected < 0.5) return dispersion;
  const sample = (last[1] - before - expected) ** 2 / (expected * (1 + windowSeconds / baseSeconds));
  const bounded = Math.min(sample, dispersionStep * dispersion);
  return Math.max(1, dispersion + dispersionShare * (bounded - dispersion));
};
