import { CloudWatchClient, type GetMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from '../../lib/local/control-plane/server.ts';
import { type HistorySource, readHistory } from '../../lib/observe/read-history.ts';
import type { CloudWatchState } from '../../lib/simulate/cloud/cloudwatch/types.ts';
import { initialCloudWatchState, samplesOf, stepCloudWatch } from '../../lib/simulate/cloud/cloudwatch.ts';
import { callCloudWatch } from '../../lib/simulate/cloud/cloudwatch-api.ts';

/**
 * Goal: the past is read in the finest period that is left of it, all of it, within the limits of a call.
 * Method: the real client against the CloudWatch of the local cloud, which keeps what AWS keeps and refuses what it refuses.
 */
const now = 1_795_266_000;
const source: HistorySource = { queue: 'jobs', service: { cluster: 'prod', name: 'convert' } };
const calls: GetMetricDataCommandInput[] = [];
let state: CloudWatchState;
let server: Server;
let cloudwatch: CloudWatchClient;

beforeAll(async () => {
  server = await startServer({
    services: {
      GraniteServiceVersion20100801: (operation, input) => {
        calls.push(input as unknown as GetMetricDataCommandInput);
        return callCloudWatch(state, operation, input, now).output;
      },
    },
    agent: () => undefined,
  });
  cloudwatch = new CloudWatchClient({
    region: 'us-east-1',
    endpoint: server.url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  cloudwatch.destroy();
  await server.close();
});

type Put = readonly [namespace: string, name: string, secondsAgo: number, values: readonly number[]];
const record = (puts: readonly Put[]): void => {
  calls.length = 0;
  state = puts.reduce(
    (before, [namespace, name, ago, values]) => {
      const dimensions: Readonly<Record<string, string>> =
        namespace === 'AWS/SQS' ? { QueueName: 'jobs' } : { ClusterName: 'prod', ServiceName: 'convert' };
      const metric = { namespace, name, dimensions };
      return stepCloudWatch(before, { type: 'put', metric, sample: samplesOf(values, now - ago) }, now - ago).state;
    },
    initialCloudWatchState({ region: 'us-east-1', account: '000000000000' }),
  );
};
const day = 86_400;

describe('the past of a queue and its service', () => {
  it('each series with the statistic that it is good for', async () => {
    record([
      ['AWS/SQS', 'NumberOfMessagesSent', 3600, [2, 3]],
      ['AWS/SQS', 'NumberOfMessagesDeleted', 3600, [1, 1]],
      ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 3600, [4, 6]],
      ['AWS/SQS', 'ApproximateNumberOfMessagesNotVisible', 3600, [3]],
      ['AWS/SQS', 'ApproximateAgeOfOldestMessage', 3600, [10, 40]],
      ['ECS/ContainerInsights', 'DesiredTaskCount', 3600, [3]],
      ['ECS/ContainerInsights', 'RunningTaskCount', 3600, [2, 3]],
      ['AWS/ECS', 'CPUUtilization', 3600, [50, 60, 70]],
    ]);
    const { history, tasksFrom } = await readHistory(cloudwatch, source, now, 1);
    expect(tasksFrom).toBe('Container Insights');
    expect(history).toEqual([
      {
        at: now - 3600,
        periodSeconds: 60,
        sent: 5,
        deleted: 2,
        visible: 5,
        inFlight: 3,
        oldestSeconds: 40,
        desired: 3,
        running: 2.5,
      },
    ]);
  });

  it('without Container Insights the tasks are those that reported their CPU: one sample a minute each', async () => {
    record([
      ['AWS/SQS', 'NumberOfMessagesSent', 3600, [2]],
      ['AWS/ECS', 'CPUUtilization', 3600, [50, 60, 70]],
      ['AWS/ECS', 'CPUUtilization', 20 * day, [50, 60, 70, 80, 90]],
    ]);
    const { history, tasksFrom } = await readHistory(cloudwatch, source, now, 30);
    expect(tasksFrom).toBe('CPU samples');
    expect(history.map(({ periodSeconds, running }) => [periodSeconds, running])).toEqual([
      [300, 1],
      [60, 3],
    ]);
  });

  it('a minute for 15 days, five for 63, an hour for 455; nothing twice, nothing left out', async () => {
    const days = [0.1, 14, 14.9, 15.1, 40, 62.9, 63.2, 200, 454];
    record(days.toReversed().map((ago): Put => ['AWS/SQS', 'NumberOfMessagesSent', ago * day, [1]]));
    const { history, metricsAsked } = await readHistory(cloudwatch, { queue: 'jobs' }, now, 455);
    expect(history.map(({ periodSeconds }) => periodSeconds)).toEqual(
      [3600, 3600, 3600, 300, 300, 300, 60, 60, 60].toSorted((a, b) => b - a),
    );
    expect(history.reduce((sum, { sent = 0 }) => sum + sent, 0)).toBe(days.length);
    const spans = calls.map(({ StartTime, EndTime }) => [Number(StartTime), Number(EndTime)] as const);
    expect(spans.slice(1).every(([start], i) => start === spans[i]?.[1])).toBe(true);
    expect(metricsAsked).toBe(5 * calls.length);
  });

  it('no call asks for more than 100,800 datapoints', async () => {
    record([['AWS/SQS', 'NumberOfMessagesSent', 60, [1]]]);
    await readHistory(cloudwatch, source, now, 60);
    const asked = calls.map(({ StartTime, EndTime, MetricDataQueries = [] }) => {
      const period = MetricDataQueries[0]?.MetricStat?.Period ?? 1;
      return ((Number(EndTime) - Number(StartTime)) / period) * MetricDataQueries.length;
    });
    expect(asked.length).toBeGreaterThan(2);
    expect(Math.max(...asked)).toBeLessThanOrEqual(100_800);
  });
});
