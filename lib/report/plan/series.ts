import type { Series } from '../usage/usage.ts';

/** Sorted copy of what is known. */
export const known = (series: Series | undefined): readonly number[] =>
  (series ?? []).filter((value): value is number => value !== null).sort((a, b) => a - b);

/** Of sorted values, the nearest rank. Undefined of none. */
export const quantileOf = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];

export const largest = (series: Series | undefined): number | undefined => known(series).at(-1);

export const meanOf = (series: Series | undefined): number | undefined => {
  const values = known(series);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
};

export const sumOf = (series: Series | undefined): number => known(series).reduce((sum, value) => sum + value, 0);

/** Hours that somebody saw. */
export const seenHours = (series: Series): number =>
  series.reduce((n: number, value) => n + (value === null ? 0 : 1), 0);

/** The largest value of each day, for a chart. */
export const dailyPeaks = (series: Series): readonly number[] =>
  Array.from({ length: Math.ceil(series.length / 24) }, (_, day) =>
    Math.max(0, ...series.slice(day * 24, day * 24 + 24).map((value) => value ?? 0)),
  );
