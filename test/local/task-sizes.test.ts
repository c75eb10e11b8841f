import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalCloud } from '../../lib/local/local-cloud.ts';
import { bootApp, bootMilliseconds } from './boot-app.ts';

/**
 * Goal: a window's size becomes a rolling deployment with real processes, and no job is lost on the way; holidays get
 * into the table. Method: the app of a config, its own functions and workers, in the local cloud.
 */
let cloud: LocalCloud;
let stop: (() => Promise<void>) | undefined;
const taskLines: string[] = [];
const functionLines: string[] = [];

beforeAll(async () => {
  ({ cloud, stop } = await bootApp(
    'task-sizes',
    { config: 'test/local/fixtures/sized.config.ts' },
    {
      startDelaySeconds: { median: 1, p95: 1.2 },
      healthyAfterSeconds: 0.5,
      onTaskLine: (_task, _stream, line) => void taskLines.push(line),
      onFunctionLine: (name, line) => void functionLines.push(`${name} ${line}`),
    },
  ));
  // Before the first task runs, so that the one with the old size gets it.
  const QueueUrl = cloud.services[0]?.queues[0]?.url;
  await cloud.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"seconds":3}' }));
}, bootMilliseconds);
afterAll(() => stop?.(), bootMilliseconds);

const tasks = () => cloud.controlPlane.ecs.tasks().map(({ cpu, lastStatus, pid }) => ({ cpu, lastStatus, pid }));
const running = () => tasks().filter(({ lastStatus }) => lastStatus === 'RUNNING');

describe('a config whose window names a size', () => {
  it('has both task definitions in the binding', () => {
    const [{ taskDefinitions = {} } = {}] = cloud.services;
    expect(Object.keys(taskDefinitions)).toEqual(['256/512', '512/1024']);
    expect(new Set(Object.values(taskDefinitions)).size).toBe(2);
  });

  it('is brought to that size by a rolling deployment: a job that runs is finished first, by the old task', async () => {
    await expect.poll(() => running().map(({ cpu }) => cpu), { timeout: 30_000 }).toEqual([256]);
    const old = running()[0]?.pid;
    await expect.poll(() => tasks().map(({ cpu }) => cpu), { timeout: 30_000 }).toContain(512);
    await expect.poll(() => running().map(({ cpu }) => cpu), { timeout: 30_000 }).toEqual([512]);
    const jobs = taskLines.filter((line) => line.startsWith('{"sluice":"job"')).map((line) => JSON.parse(line));
    expect(jobs).toMatchObject([{ service: 'sized', outcome: 'done' }]);
    expect(running()[0]?.pid).not.toBe(old);
    const resizes = functionLines.filter((line) => line.includes('The task size goes from 0.25 vCPU / 0.5 GiB'));
    expect(resizes).toHaveLength(1);
  }, 90_000);

  it('runs the daily function, and the table holds a year of Danish holidays', async () => {
    const TableName = cloud.services[0]?.table;
    const item = async () => {
      const Key = { pk: { S: 'CAL#DK' }, sk: { S: 'HOLIDAYS' } };
      return (await cloud.clients.dynamoDb.send(new GetItemCommand({ TableName, Key }))).Item;
    };
    await expect.poll(item, { timeout: 30_000 }).toBeDefined();
    const dates = (await item())?.dates?.L?.map(({ S = '' }) => S) ?? [];
    expect(dates.filter((date) => date.endsWith('-12-25')).length).toBeGreaterThanOrEqual(1);
  });
});
