import type { MetricPoint, MetricSeries } from './metric-query.ts';

/**
 * The newest known value of a counter that CloudWatch leaves out when it is zero. `witness` is a metric of the same
 * source that is there whatever happens. A minute without a count is a zero only if the witness was there in it and in
 * a later minute: the newest minute of the two may not have arrived at the same time, and a zero too early would scale in.
 */
export const newestCount = (count: MetricSeries, witness: MetricSeries): MetricPoint | undefined => {
  const counted = pointsOf(count)[0];
  const [, ...followed] = pointsOf(witness);
  const quiet = followed[0];
  if (counted === undefined) return quiet && { at: quiet.at, value: 0 };
  return quiet !== undefined && quiet.at > counted.at ? { at: quiet.at, value: 0 } : counted;
};

export const pointsOf = (series: MetricSeries): readonly MetricPoint[] => ('points' in series ? series.points : []);

/** Why a series is not there. */
export const faultOf = (...all: readonly MetricSeries[]): string | undefined =>
  all.flatMap((series) => ('failed' in series ? [series.failed] : []))[0];
