import type { EpochSeconds, Seconds } from '../../../model/units.ts';
import type { Sample, Series } from './types.ts';

/** `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, `p0` … `p100` with decimals. */
export const isStatistic = (name: string): boolean =>
  ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'].includes(name) || percentOf(name) !== undefined;

const percentOf = (name: string): number | undefined => {
  const percent = /^p(\d{1,3}(?:\.\d{1,2})?)$/.exec(name)?.[1];
  return percent !== undefined && Number(percent) <= 100 ? Number(percent) : undefined;
};

export interface Window {
  /** Inclusive. */
  readonly start: EpochSeconds;
  /** Exclusive. */
  readonly end: EpochSeconds;
  readonly periodSeconds: Seconds;
}

/** One value for each period that has data, oldest first, by the period's start. What is not yet published is not there. */
export const aggregate = (
  series: Series | undefined,
  statistic: string,
  window: Window,
  now: EpochSeconds,
  unit?: string,
): readonly (readonly [EpochSeconds, number])[] => {
  const { periodSeconds: period } = window;
  const first = Math.floor(window.start / period) * period;
  const buckets = new Map<number, Sample[]>();
  for (const sample of series?.samples ?? []) {
    const bucket = Math.floor(sample.at / period) * period;
    if (bucket < first || bucket >= window.end || sample.seenAt > now) continue;
    // A wrong unit gives nothing; CloudWatch does not convert.
    if (unit !== undefined && unit !== (sample.unit ?? 'None')) continue;
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), sample]);
  }
  const points = [...buckets].map(([at, samples]) => [at, statisticOf(samples, statistic)] as const);
  return points
    .flatMap(([at, value]) => (value === undefined ? [] : [[at, value] as const]))
    .sort((a, b) => a[0] - b[0]);
};

const statisticOf = (samples: readonly Sample[], statistic: string): number | undefined => {
  const count = samples.reduce((sum, sample) => sum + sample.count, 0);
  const sum = samples.reduce((total, sample) => total + sample.sum, 0);
  switch (statistic) {
    case 'SampleCount':
      return count;
    case 'Sum':
      return sum;
    case 'Average':
      return sum / count;
    case 'Minimum':
      return samples.reduce((least, sample) => Math.min(least, sample.minimum), Number.POSITIVE_INFINITY);
    case 'Maximum':
      return samples.reduce((most, sample) => Math.max(most, sample.maximum), Number.NEGATIVE_INFINITY);
    default:
      return percentile(samples, percentOf(statistic) ?? 50);
  }
};

/** Nearest rank. Statistic sets carry no distribution, unless they are of one value. */
const percentile = (samples: readonly Sample[], percent: number): number | undefined => {
  const values = samples.flatMap((sample) =>
    sample.values.length > 0 || sample.minimum !== sample.maximum
      ? sample.values
      : [[sample.minimum, sample.count] as const],
  );
  if (
    values.length === 0 ||
    samples.some((sample) => sample.values.length === 0 && sample.minimum !== sample.maximum)
  ) {
    return undefined;
  }
  const sorted = [...values].sort((a, b) => a[0] - b[0]);
  const rank = (percent / 100) * sorted.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  return sorted.find(([, count]) => {
    seen += count;
    return seen >= rank - 1e-9;
  })?.[0];
};
