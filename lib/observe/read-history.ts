import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { History, HistoryPoint } from '../model/history.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { metricStat } from './metric-stat.ts';

/** Whose past: a queue, and the service that works it off when it is known. */
export interface HistorySource {
  readonly queue: string;
  readonly service?: { readonly cluster: string; readonly name: string };
}

export interface PastMetrics {
  readonly history: History;
  /** Where running counts come from: Container Insights, or how many tasks reported their CPU. */
  readonly tasksFrom?: 'Container Insights' | 'CPU samples';
  /** Metrics asked for; CloudWatch takes USD 0.01 per 1,000. */
  readonly metricsAsked: number;
}

/** How long CloudWatch keeps which period, finest first. */
const retention: readonly { readonly periodSeconds: Seconds; readonly days: number }[] = [
  { periodSeconds: 60, days: 15 },
  { periodSeconds: 300, days: 63 },
  { periodSeconds: 3600, days: 455 },
];
/** What is just about to be coarsened is asked for coarse: finer would be an empty answer and no error. */
const marginSeconds: Seconds = 3600;
const datapointsPerCall = 100_800;
/** The newest minutes are not complete yet. */
const settledAfterSeconds: Seconds = 300;
export const historyDaysMax = retention.at(-1)?.days ?? 0;

/**
 * The past of a queue and its service as CloudWatch has it: a minute's resolution for 15 days, five minutes' for 63, an hour's for 455.
 * @throws Error with one sentence when CloudWatch refuses.
 */
export const readHistory = async (
  cloudwatch: CloudWatchClient,
  source: HistorySource,
  now: EpochSeconds,
  days: number,
): Promise<PastMetrics> => {
  const wanted = seriesOf(source);
  const perCall = Math.floor(datapointsPerCall / wanted.length);
  const points: RawPoint[] = [];
  let metricsAsked = 0;
  for (const { from, to, periodSeconds } of stretches(now, days)) {
    for (let start = from; start < to; start += perCall * periodSeconds) {
      const end = Math.min(to, start + perCall * periodSeconds);
      points.push(...(await readStretch(cloudwatch, wanted, start, end, periodSeconds)));
      metricsAsked += wanted.length;
    }
  }
  points.sort((a, b) => a.at - b.at);
  const insights = points.some(({ running }) => running !== undefined);
  const samples = points.some(({ cpuSamples }) => cpuSamples !== undefined);
  return {
    history: points.map((point) => settle(point, insights)),
    ...((insights || samples) && { tasksFrom: insights ? 'Container Insights' : 'CPU samples' }),
    metricsAsked,
  };
};

/** Oldest first, each in the finest period that is kept for all of it. */
const stretches = (now: EpochSeconds, days: number) => {
  const parts: { readonly from: EpochSeconds; readonly to: EpochSeconds; readonly periodSeconds: Seconds }[] = [];
  let to = now - settledAfterSeconds;
  for (const { periodSeconds, days: kept } of retention) {
    const oldest = now - Math.min(days * 86_400, kept * 86_400 - marginSeconds);
    // Whole hours, so that the next stretch begins where this one ends.
    const from = Math.ceil(oldest / 3600) * 3600;
    const end = Math.floor(to / periodSeconds) * periodSeconds;
    if (from < end) parts.unshift({ from, to: end, periodSeconds });
    to = Math.min(to, from);
  }
  return parts;
};

type Field = Exclude<keyof HistoryPoint, 'at' | 'periodSeconds'> | 'cpuSamples';
type RawPoint = HistoryPoint & { readonly cpuSamples?: number };

interface Wanted {
  readonly field: Field;
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const seriesOf = ({ queue, service }: HistorySource): readonly Wanted[] => {
  const ofQueue = (field: Field, metric: string, statistic: string): Wanted => ({
    field,
    namespace: 'AWS/SQS',
    metric,
    statistic,
    dimensions: { QueueName: queue },
  });
  const sqs = [
    ofQueue('sent', 'NumberOfMessagesSent', 'Sum'),
    ofQueue('deleted', 'NumberOfMessagesDeleted', 'Sum'),
    ofQueue('visible', 'ApproximateNumberOfMessagesVisible', 'Average'),
    ofQueue('inFlight', 'ApproximateNumberOfMessagesNotVisible', 'Average'),
    ofQueue('oldestSeconds', 'ApproximateAgeOfOldestMessage', 'Maximum'),
  ];
  if (service === undefined) return sqs;
  const dimensions = { ClusterName: service.cluster, ServiceName: service.name };
  const insights = { namespace: 'ECS/ContainerInsights', statistic: 'Average', dimensions };
  return [
    ...sqs,
    { field: 'desired', metric: 'DesiredTaskCount', ...insights },
    { field: 'running', metric: 'RunningTaskCount', ...insights },
    // Free, and there for every service: on Fargate each running task reports once a minute.
    { field: 'cpuSamples', namespace: 'AWS/ECS', metric: 'CPUUtilization', statistic: 'SampleCount', dimensions },
  ];
};

const readStretch = async (
  cloudwatch: CloudWatchClient,
  wanted: readonly Wanted[],
  from: EpochSeconds,
  to: EpochSeconds,
  periodSeconds: Seconds,
): Promise<readonly RawPoint[]> => {
  const byTime = new Map<EpochSeconds, { at: EpochSeconds; periodSeconds: Seconds } & Partial<Record<Field, number>>>();
  let NextToken: string | undefined;
  do {
    const answer = await cloudwatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: wanted.map((series, i) => queryOf(series, i, periodSeconds)),
        StartTime: new Date(from * 1000),
        EndTime: new Date(to * 1000),
        ScanBy: 'TimestampAscending',
        MaxDatapoints: datapointsPerCall,
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    for (const result of answer.MetricDataResults ?? []) {
      refuseBad(result);
      const field = wanted[Number(result.Id?.slice(1))]?.field;
      (result.Timestamps ?? []).forEach((timestamp, i) => {
        const value = result.Values?.[i];
        if (field === undefined || value === undefined) return;
        const at = timestamp.getTime() / 1000;
        const point = byTime.get(at) ?? { at, periodSeconds };
        point[field] = value;
        byTime.set(at, point);
      });
    }
    NextToken = answer.NextToken;
  } while (NextToken !== undefined);
  return [...byTime.values()];
};

const queryOf = (wanted: Wanted, index: number, periodSeconds: Seconds): MetricDataQuery => ({
  Id: `m${index}`,
  MetricStat: metricStat(wanted, periodSeconds),
});

const refuseBad = ({ StatusCode, Messages }: MetricDataResult): void => {
  if (StatusCode !== 'Forbidden' && StatusCode !== 'InternalError') return;
  const said = Messages?.map(({ Code, Value }) => `${Code}: ${Value}`).join('; ');
  throw new Error(`CloudWatch answers ${StatusCode}${said ? ` (${said})` : ''}`);
};

/** Tasks from the better source; where CPU samples count them, one sample is one task-minute. */
const settle = ({ cpuSamples, ...point }: RawPoint, insights: boolean): HistoryPoint =>
  insights || cpuSamples === undefined ? point : { ...point, running: cpuSamples / (point.periodSeconds / 60) };
