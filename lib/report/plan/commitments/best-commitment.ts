import type { Usd } from '../../../model/units.ts';

/** One kind of usage under one plan: its on-demand spend by hour, and the plan's price ÷ on demand. */
export interface Coverable {
  readonly usd: Float64Array;
  readonly ratio: number;
}

/**
 * Where one more dollar of fee begins to save less, sorted by fee: hour by hour the first dollars go to what the plan
 * makes cheapest, the last ones to nothing. Made once, read for every resampling of the hours.
 */
export interface FeeCurve {
  readonly hours: number;
  readonly fees: Float64Array;
  readonly hourOf: Int32Array;
  /** By how much the covered on-demand dollars per dollar of fee fall there. */
  readonly drops: Float64Array;
  /** By hour: covered dollars per dollar of the first fee. 0: nothing to cover. */
  readonly firstGain: Float64Array;
}

export const feeCurve = (coverables: readonly Coverable[]): FeeCurve => {
  const usable = coverables.filter(({ ratio }) => ratio < 1).toSorted((a, b) => a.ratio - b.ratio);
  const hours = usable[0]?.usd.length ?? 0;
  const firstGain = new Float64Array(hours);
  const points: { readonly fee: Usd; readonly hour: number; readonly drop: number }[] = [];
  for (let hour = 0; hour < hours; hour++) {
    let fee = 0;
    let gain = 0;
    for (const { usd, ratio } of usable) {
      const width = (usd[hour] as number) * ratio;
      if (width <= 0) continue;
      if (gain === 0) firstGain[hour] = 1 / ratio;
      else points.push({ fee, hour, drop: gain - 1 / ratio });
      gain = 1 / ratio;
      fee += width;
    }
    if (gain > 0) points.push({ fee, hour, drop: gain });
  }
  points.sort((a, b) => a.fee - b.fee);
  return {
    hours,
    fees: Float64Array.from(points, ({ fee }) => fee),
    hourOf: Int32Array.from(points, ({ hour }) => hour),
    drops: Float64Array.from(points, ({ drop }) => drop),
    firstGain,
  };
};

/**
 * The hourly fee at which fees and what they leave uncovered cost least, for hours that will come `weights` times each
 * (absent: once). With one kind of usage this is the d-quantile of hourly usage, the newsvendor's answer; with several it
 * is the same rule on a piecewise linear cost. `survival` in (0, 1] is the chance that a dollar of usage is still there
 * in an hour of the term. Of two equally good fees the smaller one.
 */
export const bestFee = (curve: FeeCurve, weights?: Float64Array, survival = 1): Usd => {
  const { hours, fees, hourOf, drops, firstGain } = curve;
  let slope = 0;
  let scale = 0;
  for (let h = 0; h < hours; h++) {
    const weight = weights === undefined ? 1 : (weights[h] as number);
    slope += weight * (survival * (firstGain[h] as number) - 1);
    scale += weight;
  }
  const nothing = 1e-9 * scale;
  if (slope <= nothing) return 0;
  for (let i = 0; i < fees.length; i++) {
    const weight = weights === undefined ? 1 : (weights[hourOf[i] as number] as number);
    slope -= weight * survival * (drops[i] as number);
    if (slope <= nothing) return fees[i] as number;
  }
  return 0;
};
