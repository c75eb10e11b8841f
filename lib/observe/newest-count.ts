import type { MetricPoint, MetricSeries } from './metric-query.ts';

/**
 * The newest known value of a counter that CloudWatch leaves out when it is zero. `witness` is a metric of the same
 * source that is there whatever happens. Two minutes in a row with the witness and without a count are a zero; one is
 * none, because the newest minute of the two metrics may not arrive at the same time, and a zero too early would scale
 * in. It is dated by the witness: dated by the first of the minutes it would be stale before it could be known.
 */
export const newestCount = (count: MetricSeries, witness: MetricSeries): MetricPoint | undefined => {
  const counted = pointsOf(count)[0];
  const [newest, second] = pointsOf(witness).filter(({ at }) => counted === undefined || at > counted.at);
  return newest !== undefined && second !== undefined ? { at: newest.at, value: 0 } : counted;
};

export const pointsOf = (series: MetricSeries): readonly MetricPoint[] => ('points' in series ? series.points : []);

/** Why a series is not there. */
export const faultOf = (...all: readonly MetricSeries[]): string | undefined =>
  all.flatMap((series) => ('failed' in series ? [series.failed] : []))[0];
