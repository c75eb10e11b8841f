import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootEmulators, type LocalCloud, startLocalCloud, synthesise } from '../../lib/local/local-cloud.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const app = fileURLToPath(new URL('./fixtures/app.ts', import.meta.url));
const outdir = `${project}.build/test-local-cloud-${process.pid}`;

let cloud: LocalCloud;
let pids: readonly number[] = [];
const functionLines: string[] = [];
const taskLines: string[] = [];

beforeAll(async () => {
  const emulators = bootEmulators();
  const assemblyDir = await synthesise({ app, outdir });
  cloud = await startLocalCloud({
    assemblyDir,
    emulators: await emulators,
    projectDirectory: project,
    startDelaySeconds: { median: 0.1, p95: 0.2 },
    seed: 1,
    onFunctionLine: (name, line) => functionLines.push(`${name} ${line}`),
    onTaskLine: (_task, _stream, line) => taskLines.push(line),
  });
});
afterAll(async () => {
  await cloud?.stop();
  for (const folder of [outdir, `${outdir}-failing`]) rmSync(folder, { recursive: true, force: true });
});

const service = () => cloud.controlPlane.ecs.services()[0];

describe('the local cloud, from a CDK app', () => {
  it('knows what it created by the names that people use', () => {
    const { resources } = cloud;
    expect(resources.queueUrl('Jobs')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/000000000000\/queues-Jobs/);
    expect(resources.functionName('Tick')).toBe(resources.outputs.ticker?.TickFunction);
    expect(() => resources.queueUrl('Jbos')).toThrow(/found nothing called Jbos; expected one of queues-Jobs/);
    expect(cloud.services.map(({ name, queues }) => [name, queues[0]?.url])).toEqual([
      ['convert', resources.queueUrl('Jobs')],
    ]);
    expect(cloud.invented).toEqual([]);
    expect(cloud.ignored.join()).toContain('(AWS::IAM::Role)');
  });

  it('starts the schedule at once; the function wakes itself and scales the service; real processes do the jobs', async () => {
    await expect.poll(() => functionLines[0], { timeout: 10_000 }).toMatch(/"scheduledAt":"\d{4}-\d\d-\d\dT[\d:]+Z"/);
    await expect.poll(() => service()?.desiredCount, { timeout: 10_000 }).toBe(2);
    await expect.poll(() => service()?.runningCount, { timeout: 15_000 }).toBe(2);
    await expect.poll(() => taskLines.filter((line) => line === 'up').length, { timeout: 10_000 }).toBe(2);
    const QueueUrl = cloud.resources.queueUrl('Jobs');
    await cloud.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a job' }));
    await expect.poll(() => taskLines, { timeout: 10_000 }).toContain('done a job');
  });

  it('counts invocations, so that a heartbeat alarm can stand on them', async () => {
    const cloudWatch = new CloudWatchClient({
      region: 'us-east-1',
      endpoint: cloud.endpoints.AWS_ENDPOINT_URL ?? '',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const Dimensions = [{ Name: 'FunctionName', Value: cloud.resources.functionName('Tick') }];
    const Metric = { Namespace: 'AWS/Lambda', MetricName: 'Invocations', Dimensions };
    const invocations = new GetMetricDataCommand({
      StartTime: new Date(Date.now() - 300_000),
      EndTime: new Date(Date.now() + 60_000),
      MetricDataQueries: [{ Id: 'n', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
    });
    const { MetricDataResults } = await cloudWatch.send(invocations);
    const sum = (MetricDataResults?.[0]?.Values ?? []).reduce((total, value) => total + value, 0);
    expect(sum).toBe(3);
  });

  it('stops everything, tasks after their drain, and may be told so twice', async () => {
    pids = cloud.controlPlane.ecs.tasks().flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    expect(pids).toHaveLength(2);
    const startedMs = Date.now();
    await Promise.all([cloud.stop(), cloud.stop()]);
    await cloud.stop();
    expect(Date.now() - startedMs).toBeLessThan(6_000);
    expect(taskLines.filter((line) => line === 'drained')).toHaveLength(2);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow();
    await expect(fetch(cloud.endpoints.AWS_ENDPOINT_URL_SQS ?? '')).rejects.toThrow();
    await expect(fetch(cloud.endpoints.AWS_ENDPOINT_URL_DYNAMODB ?? '')).rejects.toThrow();
    await expect(fetch(cloud.endpoints.AWS_ENDPOINT_URL ?? '')).rejects.toThrow();
  });
});

describe('what goes wrong', () => {
  it('shows the stderr of an app that fails', async () => {
    const failing = synthesise({ app, outdir: `${outdir}-failing`, context: { fail: 'yes' } });
    await expect(failing).rejects.toThrow(/exit code 1:[\s\S]*the app was told to fail/);
  });

  it('names the folder that holds no app', async () => {
    const start = startLocalCloud({
      assemblyDir: '/nowhere',
      startDelaySeconds: { median: 0.1, p95: 0.2 },
      seed: 1,
    });
    await expect(start).rejects.toThrow(/\/nowhere\/manifest\.json/);
    expect(existsSync('/nowhere')).toBe(false);
  });
});
