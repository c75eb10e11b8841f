import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { entriesOf, type MetricPoint, type MetricQuery, type MetricSeries } from './metric-query.ts';
import { metricStat } from './metric-stat.ts';
import { renameIds } from './rename-ids.ts';
import { describeError } from './time-box.ts';

/**
 * The last whole periods of each query, in the order of `queries`. Never rejects.
 * USD 0.01 per 1,000 metrics asked for: ask no more often than a new period can be there.
 */
export async function readMetrics(
  cloudwatch: CloudWatchClient,
  queries: readonly MetricQuery[],
  now: EpochSeconds,
  abortSignal: AbortSignal,
): Promise<readonly MetricSeries[]> {
  const found = new Map<MetricQuery, MetricSeries>();
  await Promise.all(
    batchesOf(queries).map(async (batch) => {
      for (const [query, series] of await readOrSplit(cloudwatch, batch, now, abortSignal)) found.set(query, series);
    }),
  );
  return queries.map((query) => found.get(query) ?? { failed: 'not read' });
}

/** GetMetricData takes so many metrics and expressions. */
const entriesPerCall = 500;
/** CloudWatch runs one to three minutes behind. */
const lookBackPeriods = 5;

/** The range of a call is aligned to one period, so each period has calls of its own. */
export function batchesOf(queries: readonly MetricQuery[]): readonly (readonly MetricQuery[])[] {
  const batches: MetricQuery[][] = [];
  for (const group of Map.groupBy(queries, (query) => query.periodSeconds).values()) {
    let entries = Number.POSITIVE_INFINITY;
    for (const query of group) {
      if (entries + entriesOf(query) > entriesPerCall) {
        batches.push([]);
        entries = 0;
      }
      entries += entriesOf(query);
      batches.at(-1)?.push(query);
    }
  }
  return batches;
}

/** One query that CloudWatch does not understand fails the whole call, with everybody's metrics in it: halves find the culprit. */
async function readOrSplit(
  cloudwatch: CloudWatchClient,
  batch: readonly MetricQuery[],
  now: EpochSeconds,
  abortSignal: AbortSignal,
): Promise<readonly (readonly [MetricQuery, MetricSeries])[]> {
  try {
    return await readBatch(cloudwatch, batch, now, abortSignal);
  } catch (error) {
    const rejected = blamesTheRequest(error);
    if (!rejected || batch.length < 2) {
      const failed = { failed: describeError(error), ...(rejected && { rejected }) };
      return batch.map((query) => [query, failed] as const);
    }
    const middle = Math.ceil(batch.length / 2);
    const halves = [batch.slice(0, middle), batch.slice(middle)];
    return (await Promise.all(halves.map((half) => readOrSplit(cloudwatch, half, now, abortSignal)))).flat();
  }
}

const blamesTheRequest = (error: unknown): boolean =>
  error instanceof Error && /^(Validation|InvalidParameter|MissingRequiredParameter)/.test(error.name);

async function readBatch(
  cloudwatch: CloudWatchClient,
  batch: readonly MetricQuery[],
  now: EpochSeconds,
  abortSignal: AbortSignal,
): Promise<readonly (readonly [MetricQuery, MetricSeries])[]> {
  const periodSeconds = batch[0]?.periodSeconds ?? 60;
  // The end is exclusive: the period that has only begun stays out.
  const end = Math.floor(now / periodSeconds) * periodSeconds;
  const pages: MetricDataResult[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await cloudwatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: batch.flatMap(toQueries),
        StartTime: new Date((end - lookBackPeriods * periodSeconds) * 1000),
        EndTime: new Date(end * 1000),
        ScanBy: 'TimestampDescending',
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
      { abortSignal },
    );
    pages.push(...(answer.MetricDataResults ?? []));
    NextToken = answer.NextToken;
  } while (NextToken !== undefined);
  const byId = Map.groupBy(pages, ({ Id }) => Id ?? '');
  return batch.map((query, i) => [query, seriesOf(byId.get(queryId(i)) ?? [], periodSeconds)] as const);
}

const queryId = (index: number): string => `q${index}`;

const toQueries = (query: MetricQuery, index: number): readonly MetricDataQuery[] => {
  const Id = queryId(index);
  if ('metric' in query) return [{ Id, MetricStat: metricStat(query.metric, query.periodSeconds) }];
  const prefix = `${Id}_`;
  return [
    {
      Id,
      Expression: renameIds(query.expression, Object.keys(query.metrics), prefix),
      Period: query.periodSeconds,
    },
    ...Object.entries(query.metrics).map(([id, metric]) => ({
      Id: `${prefix}${id}`,
      MetricStat: metricStat(metric, query.periodSeconds),
      ReturnData: false,
    })),
  ];
};

/** The pages of one id become one series. `PartialData` is no fault: the rest is on the next page. */
function seriesOf(pages: readonly MetricDataResult[], periodSeconds: Seconds): MetricSeries {
  const bad = pages.find(({ StatusCode }) => StatusCode === 'Forbidden' || StatusCode === 'InternalError');
  if (bad !== undefined) {
    const said = bad.Messages?.map(({ Code, Value }) => `${Code}: ${Value}`).join('; ');
    return { failed: `CloudWatch: ${bad.StatusCode}${said ? ` (${said})` : ''}` };
  }
  const points = new Map<EpochSeconds, MetricPoint>();
  for (const { Timestamps = [], Values = [] } of pages) {
    Timestamps.forEach((timestamp, i) => {
      const value = Values[i];
      const at = timestamp.getTime() / 1000 + periodSeconds;
      if (value !== undefined && Number.isFinite(value)) points.set(at, { at, value });
    });
  }
  return { points: [...points.values()].sort((a, b) => b.at - a.at) };
}
