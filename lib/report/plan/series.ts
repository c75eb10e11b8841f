import type { Series } from '../usage/usage.ts';

/** Sorted copy of what is known. */
export const known = (series: Series | undefined): readonly number[] =>
  (series ?? []).filter((value): value is number => value !== null).sort((a, b) => a - b);

/** Of sorted values, the nearest rank. Undefined of none. */
export const quantileOf = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];

export const largest = (series: Series | undefined): number | undefined => {
  let most: number | undefined;
  for (const value of series ?? []) if (value !== null && (most === undefined || value > most)) most = value;
  return most;
};

export const smallest = (series: Series | undefined): number | undefined => {
  let least: number | undefined;
  for (const value of series ?? []) if (value !== null && (least === undefined || value < least)) least = value;
  return least;
};

export const meanOf = (series: Series | undefined): number | undefined => {
  let count = 0;
  for (const value of series ?? []) if (value !== null) count += 1;
  return count === 0 ? undefined : sumOf(series) / count;
};

export const sumOf = (series: Series | undefined): number => {
  let sum = 0;
  for (const value of series ?? []) sum += value ?? 0;
  return sum;
};

/** Hours that somebody saw. */
export const seenHours = (series: Series): number =>
  series.reduce((n: number, value) => n + (value === null ? 0 : 1), 0);

/** The largest value of each day, for a chart. */
export const dailyPeaks = (series: Series): readonly number[] =>
  Array.from({ length: Math.ceil(series.length / 24) }, (_, day) =>
    Math.max(0, ...series.slice(day * 24, day * 24 + 24).map((value) => value ?? 0)),
  );
