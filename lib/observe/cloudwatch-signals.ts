import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { ServiceBinding } from '../model/binding.ts';
import { known, type Reading, unknown } from '../model/observation.ts';
import type { EpochSeconds } from '../model/units.ts';
import { describeError } from './time-box.ts';

/** One signal of one service. */
export interface SignalAddress {
  readonly binding: Pick<ServiceBinding, 'cluster' | 'ecsService'>;
  readonly signal: string;
}

/** Signals that CloudWatch has for every Fargate service, free of charge. */
export const cloudWatchMetrics: Readonly<Record<string, string>> = {
  cpu: 'CPUUtilization',
  memory: 'MemoryUtilization',
};

/**
 * The newest complete minute of each signal, in the order of `addresses`; `at` is the end of that minute.
 * Never rejects. USD 0.01 per 1,000 signals asked for: ask at most once a minute.
 */
export async function readCloudWatchSignals(
  cloudwatch: CloudWatchClient,
  addresses: readonly SignalAddress[],
  now: EpochSeconds,
  abortSignal: AbortSignal,
): Promise<readonly Reading<number>[]> {
  const batches = Array.from({ length: Math.ceil(addresses.length / batchSize) }, (_, i) =>
    addresses.slice(i * batchSize, (i + 1) * batchSize),
  );
  const answers = await Promise.all(
    batches.map(async (batch) => {
      try {
        return await readBatch(cloudwatch, batch, now, abortSignal);
      } catch (error) {
        const failed = unknown('failed', describeError(error));
        return batch.map(() => failed);
      }
    }),
  );
  return answers.flat();
}

const batchSize = 500;
const periodSeconds = 60;
/** CloudWatch runs one to three minutes behind. */
const lookBackPeriods = 5;

async function readBatch(
  cloudwatch: CloudWatchClient,
  batch: readonly SignalAddress[],
  now: EpochSeconds,
  abortSignal: AbortSignal,
): Promise<readonly Reading<number>[]> {
  // The end is exclusive: the minute that has only begun stays out.
  const end = Math.floor(now / periodSeconds) * periodSeconds;
  const newest = new Map<string, Reading<number>>();
  let NextToken: string | undefined;
  do {
    const answer = await cloudwatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: batch.map(toQuery),
        StartTime: new Date((end - lookBackPeriods * periodSeconds) * 1000),
        EndTime: new Date(end * 1000),
        ScanBy: 'TimestampDescending',
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
      { abortSignal },
    );
    for (const result of answer.MetricDataResults ?? []) keepNewest(newest, result);
    NextToken = answer.NextToken;
  } while (NextToken !== undefined);
  return batch.map(
    (_, i) => newest.get(queryId(i)) ?? unknown('missing', 'CloudWatch has no value of the last minutes'),
  );
}

const queryId = (index: number): string => `q${index}`;

const toQuery = ({ binding, signal }: SignalAddress, index: number): MetricDataQuery => ({
  Id: queryId(index),
  MetricStat: {
    Metric: {
      Namespace: 'AWS/ECS',
      MetricName: cloudWatchMetrics[signal],
      Dimensions: [
        // The dimension is the name; a binding may carry the ARN.
        { Name: 'ClusterName', Value: binding.cluster.split('/').at(-1) },
        { Name: 'ServiceName', Value: binding.ecsService.split('/').at(-1) },
      ],
    },
    Period: periodSeconds,
    Stat: 'Average',
  },
});

function keepNewest(newest: Map<string, Reading<number>>, result: MetricDataResult): void {
  if (result.Id === undefined) return;
  if (result.StatusCode === 'Forbidden' || result.StatusCode === 'InternalError') {
    newest.set(result.Id, unknown('failed', `CloudWatch: ${result.StatusCode}`));
    return;
  }
  const seen = newest.get(result.Id);
  (result.Timestamps ?? []).forEach((timestamp, i) => {
    const value = result.Values?.[i];
    const at = timestamp.getTime() / 1000 + periodSeconds;
    const best = newest.get(result.Id ?? '') ?? seen;
    if (value !== undefined && Number.isFinite(value) && (!best?.known || at > best.at)) {
      newest.set(result.Id ?? '', known(at, value));
    }
  });
}
