import type { Usd } from '../../model/units.ts';

/** One kind of usage under one plan: its on-demand spend by hour, and the plan's price ÷ on demand. */
export interface Coverable {
  readonly usd: Float64Array;
  readonly ratio: number;
}

/**
 * The hourly fee at which fees and what they leave uncovered cost least, for hours that will come `weights` times each
 * (absent: once). With one kind of usage this is the d-quantile of hourly usage, the newsvendor's answer; with several it
 * is the same rule on a piecewise linear cost: each hour's first dollars go to what the plan makes cheapest.
 * `survival` in (0, 1] is the chance that a dollar of usage is still there in an hour of the term. Of two equally good
 * fees the smaller one.
 */
export const bestFee = (coverables: readonly Coverable[], weights?: Float64Array, survival = 1): Usd => {
  const usable = coverables.filter(({ ratio }) => ratio < 1).toSorted((a, b) => a.ratio - b.ratio);
  const hours = usable[0]?.usd.length ?? 0;
  if (hours === 0) return 0;
  const slopes = breakpoints(usable, hours, weights, survival);
  // Before the first breakpoint every hour is short of cover; each breakpoint lowers what one more dollar of fee saves.
  const nothing = 1e-9 * slopes.scale;
  let slope = slopes.initial;
  if (slope <= nothing) return 0;
  for (const { fee, drop } of slopes.at) {
    slope -= drop;
    if (slope <= nothing) return fee;
  }
  return 0;
};

interface Breakpoint {
  readonly fee: Usd;
  readonly drop: number;
}

const breakpoints = (
  usable: readonly Coverable[],
  hours: number,
  weights: Float64Array | undefined,
  survival: number,
): { readonly initial: number; readonly scale: number; readonly at: readonly Breakpoint[] } => {
  const at: Breakpoint[] = [];
  let initial = 0;
  let scale = 0;
  for (let h = 0; h < hours; h++) {
    const weight = weights?.[h] ?? 1;
    if (weight === 0) continue;
    scale += weight;
    initial -= weight;
    let fee = 0;
    let gain = 0;
    for (const { usd, ratio } of usable) {
      const width = (usd[h] as number) * ratio;
      if (width <= 0) continue;
      const here = (weight * survival) / ratio;
      if (gain === 0) initial += here;
      else at.push({ fee, drop: gain - here });
      gain = here;
      fee += width;
    }
    if (gain > 0) at.push({ fee, drop: gain });
  }
  return { initial, scale, at: at.sort((a, b) => a.fee - b.fee) };
};
