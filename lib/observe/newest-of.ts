import { type Reading, unknown } from '../model/observation.ts';
import type { Seconds } from '../model/units.ts';
import type { MetricPoint, MetricSeries } from './metric-query.ts';

/** The newest whole period, with its end as the time of the value. */
export const newestOf = (series: MetricSeries, periodSeconds: Seconds): Reading<number> => {
  if ('failed' in series) return unknown('failed', series.failed);
  const [point] = series.points;
  return point === undefined
    ? unknown('missing', 'CloudWatch has no value of the last periods')
    : dated(point, periodSeconds);
};

/** A minute is what everybody expects, so only another period is said. */
export const dated = ({ at, value }: MetricPoint, periodSeconds: Seconds): Reading<number> => ({
  known: true,
  at,
  value,
  ...(periodSeconds === 60 ? {} : { periodSeconds }),
});
