import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppliedStore } from '../../lib/act/applied-store.ts';
import type { LocalCloud } from '../../lib/local/local-cloud.ts';
import { type AppliedEntry, allHours, parseApplied } from '../../lib/model/applied.ts';
import { readAppliedTexts } from '../../lib/observe/fresh-applied.ts';
import { configuredMark } from '../../lib/schedule/configured-mark.ts';
import { bootApp, bootMilliseconds } from './boot-app.ts';

/**
 * Goal: the whole way as deployed: hours in the table → the bundled report function applies → the bundled tick function
 * lets the fleet shrink below its configured minimum; a chosen size is a rolling deployment of real processes.
 */
let cloud: LocalCloud;
let stop: (() => Promise<void>) | undefined;
const functionLines: string[] = [];
const now = () => Date.now() / 1000;

beforeAll(async () => {
  ({ cloud, stop } = await bootApp(
    'applied',
    { config: 'test/local/fixtures/applied.config.ts' },
    {
      startDelaySeconds: { median: 1, p95: 1.2 },
      healthyAfterSeconds: 0.5,
      onFunctionLine: (name, line) => void functionLines.push(`${name} ${line}`),
    },
  ));
}, bootMilliseconds);
afterAll(() => stop?.(), bootMilliseconds);

const table = () => cloud.resources.tableName('State');
const entries = async (): Promise<Readonly<Record<string, AppliedEntry>>> => {
  const texts = await readAppliedTexts(cloud.clients.dynamoDb, table(), AbortSignal.timeout(5000), {
    consistent: true,
  });
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, parseApplied(text) as AppliedEntry]));
};
const bindingOf = (service: string) => cloud.services.find(({ plan }) => plan.service === service);
const tasksOf = (service: string) =>
  cloud.controlPlane.ecs
    .tasks()
    .filter((task) => task.service === bindingOf(service)?.ecsService && task.lastStatus === 'RUNNING')
    .map(({ cpu }) => cpu);

/** Four weeks and a day of three tasks and sixty jobs of a second an hour; no minutes, so that nothing is replayed. */
const writeHours = async (): Promise<void> => {
  const end = Math.floor(now() / 3600);
  const hours = Array.from({ length: 29 * 24 }, (_, i) => end - 29 * 24 + i);
  let done = 0;
  for (let i = 0; i < hours.length; i += 24) {
    await Promise.all(
      hours.slice(i, i + 24).map((hour) => {
        done += 60;
        const totals = {
          started: done,
          completed: done,
          late: 0,
          failed: 0,
          serviceMs: done * 1000,
          busySlotMs: done * 1000,
        };
        return cloud.clients.dynamoDb.send(
          new UpdateItemCommand({
            TableName: table(),
            Key: { pk: { S: 'SVC#idle' }, sk: { S: `HOUR#${new Date(hour * 3_600_000).toISOString().slice(0, 13)}` } },
            UpdateExpression: 'SET #totals = :totals ADD #size :seconds, #observed :observed',
            ExpressionAttributeNames: {
              '#totals': 'totals',
              '#observed': 'observed',
              '#size': 't512/1024',
            },
            ExpressionAttributeValues: {
              ':totals': map(totals),
              ':seconds': { N: '10800' },
              ':observed': { N: '3600' },
            },
          }),
        );
      }),
    );
  }
};
const map = (counts: Readonly<Record<string, number>>) => ({
  M: Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, { N: String(n) }])),
});

describe('applied advice on the local cloud', () => {
  it('the report lowers a minimum that nothing needs, and the next ticks let the fleet go', async () => {
    await expect.poll(() => tasksOf('idle').length, { timeout: 90_000 }).toBe(3);
    await writeHours();
    const name = cloud.resources.functionName('ReportFunctionHandler');
    const outcome = await cloud.lambda.invoke(name, JSON.stringify({ scheduledAt: new Date().toISOString() }));
    expect(JSON.stringify(outcome)).toContain('written');
    const { idle } = await entries();
    expect(idle?.schedule ?? idle?.minMax).toMatchObject({ by: 'report', byItself: true, advice: 'schedule:idle' });
    await expect.poll(() => tasksOf('idle').length, { timeout: 90_000 }).toBeLessThanOrEqual(1);
    expect(functionLines.some((line) => line.includes('Part of a tick failed'))).toBe(false);
  }, 300_000);

  it('a size that is chosen becomes a rolling deployment, and the way back another one', async () => {
    await expect.poll(() => tasksOf('sized'), { timeout: 90_000 }).toEqual([512]);
    const binding = bindingOf('sized');
    if (binding === undefined) throw new Error('no service sized');
    const store = new AppliedStore(cloud.clients.dynamoDb, table());
    const size = {
      advice: 'size:sized',
      at: now(),
      by: 'ann',
      fields: configuredMark(binding.plan, 'size'),
      size: { cpu: 256, memoryMiB: 512 },
      before: { cpu: 512, memoryMiB: 1024 },
      from: now(),
      quietHours: allHours,
      timeZone: 'UTC',
    };
    expect(await store.replace('sized', undefined, { size })).toBe('written');
    await expect.poll(() => tasksOf('sized'), { timeout: 90_000 }).toEqual([256]);
    expect(functionLines.filter((line) => line.includes('as the weekly report chose'))).toHaveLength(1);
    await store.replace('sized', JSON.stringify({ size }), {});
    await expect.poll(() => tasksOf('sized'), { timeout: 90_000 }).toEqual([512]);
  }, 300_000);
});
