import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../lib/local/control-plane.ts';
import { bootEmulators, type Emulators } from '../../lib/local/emulators/boot-emulators.ts';
import { publishQueueMetrics } from '../../lib/local/publish-queue-metrics.ts';
import type { MetricQuery, MetricSeries } from '../../lib/observe/metric-query.ts';
import { readMetrics } from '../../lib/observe/read-metrics.ts';

/** What the scaler asks CloudWatch, and what the local one answers: the two ends were written apart. */
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let plane: ControlPlane;
let emulators: Emulators;
let cloudwatch: CloudWatchClient;
let sqs: SQSClient;

beforeAll(async () => {
  emulators = await bootEmulators();
  plane = await startControlPlane({
    startDelaySeconds: { median: 0.1, p95: 0.2 },
    seed: 1,
    region: 'us-east-1',
    account: '000000000000',
    projectDirectory: process.cwd(),
    taskEnvironment: () => ({}),
    metricPeriodSeconds: 1,
  });
  cloudwatch = new CloudWatchClient({ region: 'us-east-1', endpoint: plane.url, credentials, maxAttempts: 1 });
  sqs = new SQSClient({ region: 'us-east-1', endpoint: emulators.messaging.endpoint, credentials });
});
afterAll(async () => {
  cloudwatch.destroy();
  sqs.destroy();
  await plane.close();
  await emulators.stop();
});

const read = (queries: readonly MetricQuery[], now = Date.now() / 1000) =>
  readMetrics(cloudwatch, queries, now, new AbortController().signal);
const pointsOf = (series: MetricSeries | undefined) =>
  series !== undefined && 'points' in series ? series.points : [];

describe('metric math', () => {
  const minute = Math.floor(Date.now() / 60_000) * 60;
  const metric = (name: string) => ({ namespace: 'App', metric: name, dimensions: { App: 'web' }, statistic: 'Sum' });
  const share: MetricQuery = {
    expression: '100 * FILL(e, 0) / r',
    metrics: { e: metric('Errors'), r: metric('Requests') },
    periodSeconds: 60,
  };
  const put = (name: string, minutesAgo: number, value: number) =>
    plane.cloudwatch.putMetric({
      namespace: 'App',
      name,
      dimensions: { App: 'web' },
      value,
      at: minute - minutesAgo * 60,
    });

  it('of several services in one call, each with its own ids', async () => {
    for (const ago of [1, 2]) put('Requests', ago, 200);
    put('Errors', 2, 10);
    const [first, second, plain] = await read(
      [share, { ...share, expression: 'e + r' }, { metric: metric('Requests'), periodSeconds: 60 }],
      minute + 1,
    );
    expect(pointsOf(first)).toEqual([
      { at: minute, value: 0 },
      { at: minute - 60, value: 5 },
    ]);
    expect(pointsOf(second)).toEqual([{ at: minute - 60, value: 210 }]);
    expect(pointsOf(plain).map(({ value }) => value)).toEqual([200, 200]);
  });

  it('that is refused is told, and spoils nothing', async () => {
    const [bad, good] = await read([{ ...share, expression: 'e +' }, share], minute + 1);
    expect(bad).toMatchObject({ rejected: true, failed: expect.stringContaining('ends too early') });
    expect(pointsOf(good)).toHaveLength(2);
  });
});

describe('queues publish what SQS does', () => {
  const metric = (name: string, statistic: string): MetricQuery => ({
    metric: { namespace: 'AWS/SQS', metric: name, dimensions: { QueueName: 'jobs' }, statistic },
    periodSeconds: 1,
  });

  it('counts and gauges of the queue, and no figure for what did not happen', async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
    const stop = publishQueueMetrics(plane, emulators.messaging.meters, 1);
    try {
      for (const MessageBody of ['a', 'b', 'c']) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 60 }));
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 2 }));
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
      const names = {
        NumberOfMessagesSent: 'Sum',
        NumberOfMessagesReceived: 'Sum',
        NumberOfMessagesDeleted: 'Sum',
        ApproximateNumberOfMessagesVisible: 'Maximum',
        ApproximateNumberOfMessagesNotVisible: 'Maximum',
        ApproximateNumberOfMessagesDelayed: 'Maximum',
        ApproximateAgeOfOldestMessage: 'Maximum',
      };
      const queries = Object.entries(names).map(([name, statistic]) => metric(name, statistic));
      let newest: Record<string, readonly number[]> = {};
      await expect
        .poll(
          async () => {
            const series = await read(queries);
            newest = Object.fromEntries(
              Object.keys(names).map((name, i) => [name, pointsOf(series[i]).map(({ value }) => value)]),
            );
            return newest.ApproximateNumberOfMessagesVisible?.length ?? 0;
          },
          { timeout: 8000, interval: 100 },
        )
        .toBeGreaterThanOrEqual(2);
      const total = (name: string) => (newest[name] ?? []).reduce((sum, value) => sum + value, 0);
      expect(total('NumberOfMessagesSent')).toBe(4);
      expect(total('NumberOfMessagesReceived')).toBe(2);
      expect(total('NumberOfMessagesDeleted')).toBe(1);
      expect(newest.ApproximateNumberOfMessagesVisible?.[0]).toBe(1);
      expect(newest.ApproximateNumberOfMessagesNotVisible?.[0]).toBe(1);
      expect(newest.ApproximateNumberOfMessagesDelayed?.[0]).toBe(1);
      expect(newest.ApproximateAgeOfOldestMessage?.[0]).toBeGreaterThan(0);
      // A zero would be a figure for what did not happen.
      for (const name of ['NumberOfMessagesSent', 'NumberOfMessagesReceived', 'NumberOfMessagesDeleted'])
        expect(newest[name]).not.toContain(0);
    } finally {
      stop();
    }
  });

  it('a dead letter is not counted as sent', async () => {
    await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
    const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: 'alive', Attributes: { RedrivePolicy, VisibilityTimeout: '0' } }),
    );
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
    for (let i = 0; i < 2; i += 1) await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const figures = emulators.messaging.meters.read(Date.now());
    expect(figures.find(({ queue }) => queue === 'alive')).toMatchObject({ visible: 0, sent: 1, received: 1 });
    expect(figures.find(({ queue }) => queue === 'dead')).toMatchObject({ visible: 1, sent: 0 });
    expect(emulators.messaging.meters.read(Date.now()).map(({ sent }) => sent)).toEqual([0, 0, 0]);
  });
});
