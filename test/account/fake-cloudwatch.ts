import { CloudWatchClient, type GetMetricDataInput } from '@aws-sdk/client-cloudwatch';
import { answering, settings } from './fake-client.ts';

/** Values by hour of the window for a metric, or undefined where there are no samples. */
export type Metrics = (
  metric: string,
  statistic: string,
  dimensions: Readonly<Record<string, string>>,
  hour: number,
) => number | undefined;

/** A CloudWatch that keeps hours, answers at most `pointsPerPage` points a page, and takes 500 queries a call. */
export const fakeCloudWatch = (
  metrics: Metrics,
  { pointsPerPage = 100_000, calls = {} as Record<string, number>, agents = [] as readonly object[] } = {},
): CloudWatchClient =>
  answering(
    new CloudWatchClient(settings),
    {
      ListMetrics: () => ({ Metrics: agents }),
      GetMetricData: (input: GetMetricDataInput) => {
        const { MetricDataQueries = [], StartTime, EndTime, NextToken } = input;
        if (MetricDataQueries.length > 500) throw new Error('more than 500 queries');
        const from = Number(StartTime?.valueOf()) / 1000;
        const hours = (Number(EndTime?.valueOf()) / 1000 - from) / 3600;
        const all = MetricDataQueries.flatMap(({ Id, MetricStat }) =>
          Array.from({ length: hours }, (_, h) => {
            const dimensions = Object.fromEntries(
              (MetricStat?.Metric?.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]),
            );
            const value = metrics(MetricStat?.Metric?.MetricName ?? '', MetricStat?.Stat ?? '', dimensions, h);
            return value === undefined ? [] : [{ Id, at: new Date((from + h * 3600) * 1000), value }];
          }).flat(),
        );
        const start = Number(NextToken ?? 0);
        const page = all.slice(start, start + pointsPerPage);
        return {
          MetricDataResults: [...Map.groupBy(page, ({ Id }) => Id)].map(([Id, points]) => ({
            Id,
            Timestamps: points.map(({ at }) => at),
            Values: points.map(({ value }) => value),
            StatusCode: 'Complete',
          })),
          ...(start + pointsPerPage < all.length ? { NextToken: String(start + pointsPerPage) } : {}),
        };
      },
    },
    calls,
  );
