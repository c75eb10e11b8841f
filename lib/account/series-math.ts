import type { EpochSeconds } from '../model/units.ts';
import type { Series } from '../report/usage/usage.ts';

/** Hour by hour; an hour that one of them does not know is as `of` says. */
export const mapSeries = (series: Series, of: (value: number) => number): Series =>
  series.map((value) => (value === null ? null : of(value)));

/** The larger of those that are known; null where none is. Of no series: undefined. */
export const largestOf = (all: readonly (Series | undefined)[]): Series | undefined =>
  combine(all, (a, b) => Math.max(a, b));

/** The sum of those that are known; null where none is. Of no series: undefined. */
export const totalOf = (all: readonly (Series | undefined)[]): Series | undefined => combine(all, (a, b) => a + b);

/**
 * The share of each hour that something ran, by how many samples it sent. No sample: it did not run. One sample of an
 * hour is lost more often than an instance stops for a minute.
 */
export const runningShare = (samples: Series, samplesPerHour: number): Series =>
  samples.map((count) => (count === null ? 0 : count >= samplesPerHour - 1 ? 1 : count / samplesPerHour));

/** What was before something was there is not known, and no standstill: a month is reckoned from the hours after. */
export const sinceCreated = (
  series: Series,
  created: readonly (Date | undefined)[],
  { from }: { readonly from: EpochSeconds },
): Series => {
  const earliest = Math.min(...created.flatMap((at) => (at === undefined ? [] : [at.getTime() / 1000])));
  const first = Number.isFinite(earliest) ? Math.floor((earliest - from) / 3600) : 0;
  return first <= 0 ? series : series.map((value, h) => (h < first ? null : value));
};

/** The same for what cannot be stopped: before it ran first it was not there. */
export const sinceFirst = (running: Series): Series => {
  const first = running.findIndex((share) => share !== 0);
  return first <= 0 ? running : running.map((share, h) => (h < first ? null : share));
};

/** `{ [name]: series }`, or nothing: absent means that nobody knows. */
export const optional = <Name extends string>(
  name: Name,
  series: Series | undefined,
): { readonly [N in Name]?: Series } =>
  series === undefined || series.every((value) => value === null)
    ? {}
    : ({ [name]: series } as { readonly [N in Name]?: Series });

const combine = (all: readonly (Series | undefined)[], of: (a: number, b: number) => number): Series | undefined => {
  const [first, ...others] = all.filter((series) => series !== undefined);
  return first && others.reduce((sum, other) => sum.map((a, h) => both(a, other[h] ?? null, of)), first);
};

const both = (a: number | null, b: number | null, of: (a: number, b: number) => number): number | null =>
  a === null ? b : b === null ? a : of(a, b);
