/** `10 × 66 / 60` is 11.000000000000002 in binary; a task must not be added for that. */
export const ceilCount = (count: number): number => Math.ceil(count - 1e-9 * Math.max(1, Math.abs(count)));

/** Halving rounds down; every other factor rounds up, out and in. */
export const timesFactor = (count: number, factor: number): number =>
  factor === 0.5 ? Math.floor(count / 2) : ceilCount(count * factor);

/**
 * The change in tasks of a percent step, rounded as Application Auto Scaling does: above 1 down, between 0 and 1 to 1,
 * between 0 and -1 to -1, below -1 towards zero.
 */
export const percentChange = (count: number, percent: number): number => {
  const change = (count * percent) / 100;
  if (change > 0 && change < 1) return 1;
  if (change < 0 && change > -1) return -1;
  return Math.trunc(change);
};

/** For sentences: at most two decimals, no trailing zeros. */
export const shown = (value: number): string => String(Math.round(value * 100) / 100);
