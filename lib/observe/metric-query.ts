import type { MetricStatistic } from '../model/signal.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';

/** One time series to ask CloudWatch for. */
export type MetricQuery = { readonly periodSeconds: Seconds } & (
  | { readonly metric: MetricStatistic }
  | { readonly expression: string; readonly metrics: Readonly<Record<string, MetricStatistic>> }
);

export interface MetricPoint {
  /** End of the period: from then on the value is whole. */
  readonly at: EpochSeconds;
  readonly value: number;
}

/** What CloudWatch has of a series, newest first, whole periods only; or why that is not known. */
export type MetricSeries =
  | { readonly points: readonly MetricPoint[] }
  /** `rejected`: CloudWatch does not understand this very query. */
  | { readonly failed: string; readonly rejected?: boolean };

/** Equal for queries that ask for the same. */
export const queryKey = (query: MetricQuery): string =>
  'metric' in query
    ? JSON.stringify([query.periodSeconds, statisticKey(query.metric)])
    : JSON.stringify([
        query.periodSeconds,
        query.expression,
        sortedEntries(query.metrics).map(([id, metric]) => [id, statisticKey(metric)]),
      ]);

/** What CloudWatch counts, and charges for: a metric, or the metrics of an expression and the expression. */
export const entriesOf = (query: MetricQuery): number =>
  'metric' in query ? 1 : 1 + Object.keys(query.metrics).length;

const statisticKey = ({ namespace, metric, dimensions, statistic }: MetricStatistic): unknown => [
  namespace,
  metric,
  statistic,
  sortedEntries(dimensions),
];

const sortedEntries = <T>(record: Readonly<Record<string, T>>): readonly (readonly [string, T])[] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
