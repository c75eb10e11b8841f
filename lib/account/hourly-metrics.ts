import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import type { ReportSource } from '../model/report-rights.ts';
import { metricStat } from '../observe/metric-stat.ts';
import type { Series, UnavailableSource } from '../report/usage/usage.ts';
import type { AccountWindow } from './source.ts';
import { unavailable } from './unavailable.ts';

/** One series by the hour. CloudWatch keeps hours for 455 days. */
export interface HourlyQuery {
  /** Unique among the queries of one reading. */
  readonly id: string;
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: 'Average' | 'Maximum' | 'Minimum' | 'Sum' | 'SampleCount';
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Makes the queries of one resource: all of one namespace and the same dimensions, with ids below the resource's. */
export const queriesOfResource =
  (resource: string, namespace: string, dimensions: HourlyQuery['dimensions']) =>
  (name: string, metric: string, statistic: HourlyQuery['statistic']): HourlyQuery => ({
    id: `${resource} ${name}`,
    namespace,
    metric,
    statistic,
    dimensions,
  });

export interface HourlySeries {
  /** By id; null in hours without a sample. A query that failed has no entry. */
  readonly series: ReadonlyMap<string, Series>;
  readonly unavailable: readonly UnavailableSource[];
  readonly metrics: number;
}

/** What GetMetricData takes at a time. */
const queriesPerCall = 500;

/** Never rejects: a resource without its metrics is still a resource. */
export const readHourly = async (
  cloudwatch: CloudWatchClient,
  of: { readonly source: ReportSource; readonly region: string },
  queries: readonly HourlyQuery[],
  window: AccountWindow,
  abortSignal: AbortSignal,
): Promise<HourlySeries> => {
  const series = new Map<string, (number | null)[]>();
  const failures: unknown[] = [];
  for (let start = 0; start < queries.length; start += queriesPerCall) {
    const batch = queries.slice(start, start + queriesPerCall);
    try {
      for (const [id, values] of await readBatch(cloudwatch, batch, window, abortSignal)) series.set(id, values);
    } catch (error) {
      failures.push(error);
      // Who may not ask once may not ask again, and whose time is over has none left.
      break;
    }
  }
  return {
    series,
    unavailable: failures.map((error) => asMetrics(unavailable(of.source, of.region, error))),
    metrics: queries.length,
  };
};

const asMetrics = (line: UnavailableSource): UnavailableSource => ({ ...line, source: `Metrics of ${line.source}` });

const readBatch = async (
  client: CloudWatchClient,
  queries: readonly HourlyQuery[],
  { from, hours }: AccountWindow,
  abortSignal: AbortSignal,
): Promise<ReadonlyMap<string, (number | null)[]>> => {
  const read = new Map<string, (number | null)[]>(queries.map(({ id }) => [id, new Array(hours).fill(null)]));
  const pages = paginateGetMetricData(
    { client },
    {
      MetricDataQueries: queries.map(toQuery),
      StartTime: new Date(from * 1000),
      EndTime: new Date((from + hours * 3600) * 1000),
      ScanBy: 'TimestampAscending',
    },
    { abortSignal },
  );
  for await (const { MetricDataResults = [] } of pages) {
    for (const result of MetricDataResults) {
      refuseBad(result);
      const query = queries[Number(result.Id?.slice(1))];
      const values = query && read.get(query.id);
      result.Timestamps?.forEach((timestamp, i) => {
        const h = Math.floor((timestamp.getTime() / 1000 - from) / 3600);
        const value = result.Values?.[i];
        if (values !== undefined && value !== undefined && h >= 0 && h < hours) values[h] = value;
      });
    }
  }
  return read;
};

const toQuery = (query: HourlyQuery, index: number): MetricDataQuery => ({
  Id: `m${index}`,
  MetricStat: metricStat(query, 3600),
});

const refuseBad = ({ StatusCode, Messages }: MetricDataResult): void => {
  if (StatusCode !== 'Forbidden' && StatusCode !== 'InternalError') return;
  const said = Messages?.map(({ Code, Value }) => `${Code}: ${Value}`).join('; ');
  throw new Error(`CloudWatch answers ${StatusCode}${said ? ` (${said})` : ''}`);
};
