import { type AttributeValue, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DynamoRollups, readRollups, type ServiceUsage } from '../../lib/act/dynamo-rollups.ts';
import { bindingOf, start } from '../tick/world.ts';
import { type LocalTable, startLocalTable } from './local-table.ts';

let table: LocalTable;
beforeAll(async () => {
  table = await startLocalTable();
});
afterAll(() => table.close());

const { signal } = new AbortController();
const hour = 3600;

/** Ten seconds of two tasks with three arrivals, after `completed` jobs in all. */
const usageTo = (service: string, to: number, completed: number, change: Partial<ServiceUsage> = {}): ServiceUsage => ({
  binding: bindingOf(service),
  from: to - 10,
  to,
  arrivals: 3,
  tasks: 2,
  scaled: 'no',
  totals: {
    at: to,
    counts: { started: completed + 1, completed, late: 1, w_q_a_2: completed, busySlotMs: 1500 * completed },
  },
  ...change,
});

const read = (service: string, hours = 3) =>
  readRollups(table.client, table.name, service, start, start + hours * hour);

test('an hour adds up: arrivals, task-seconds and USD, jobs and waits', async () => {
  const rollups = new DynamoRollups(table.client, table.name, 'us-east-1');
  for (let t = 10; t <= hour + 10; t += 10) {
    const scaled = t === 600 ? 'out' : t === 900 ? 'in' : 'no';
    await rollups.write([usageTo('whole', start + t, t / 10, { scaled })], start + t, signal);
  }
  const [first] = await read('whole');
  expect(first).toMatchObject({
    service: 'whole',
    hour: '2026-11-21T10',
    started: 360,
    completed: 359,
    late: 1,
    failed: 0,
    taskSecondsBySize: { '512/1024': 7200 },
    observedSeconds: 3600,
    busySlotSeconds: 538.5,
    scaleOuts: 1,
    scaleIns: 1,
  });
  expect(first?.arrivalsByMinute).toHaveLength(60);
  expect(first?.arrivalsByMinute.reduce((a, b) => a + b, 0)).toBe(1080);
  expect(first?.waitsByQueue).toEqual({ q_a: [0, 0, 359, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] });
  expect(first?.usd).toBeCloseTo(2 * (0.04048 / 2 + 0.004445), 8);
});

test('task-seconds and money go to the size that was seen', async () => {
  const rollups = new DynamoRollups(table.client, table.name, 'us-east-1', 0);
  const size = { cpu: 1024, memoryMiB: 2048 };
  await rollups.write([usageTo('sized', start + 10, 1)], start + 10, signal);
  await rollups.write([usageTo('sized', start + 20, 2, { size })], start + 20, signal);
  const [first] = await read('sized');
  expect(first?.taskSecondsBySize).toEqual({ '512/1024': 20, '1024/2048': 20 });
  expect(first?.usd).toBeCloseTo((3 * 20 * (0.04048 / 2 + 0.004445)) / 3600, 9);
});

test('functions that write beside each other, and die, lose no job and count none twice', async () => {
  const functions = () => new DynamoRollups(table.client, table.name, 'us-east-1', 60);
  let [a, b] = [functions(), functions()];
  let completed = 0;
  for (let t = 10; t <= 2 * hour + 400; t += 10) {
    completed += t % 7;
    await (t % 30 === 0 ? a : b).write([usageTo('shared', start + t, completed)], start + t, signal);
    if (t % 1000 === 0) a = functions();
    if (t % 1700 === 0) b = functions();
  }
  await new DynamoRollups(table.client, table.name, 'us-east-1', 0).write(
    [usageTo('shared', start + 2 * hour + 410, completed)],
    start + 2 * hour + 410,
    signal,
  );
  const hours = await read('shared');
  expect(hours.map((one) => one.hour.slice(-2))).toEqual(['10', '11', '12']);
  expect(hours.reduce((sum, one) => sum + one.completed, 0)).toBe(completed);
  expect(hours.reduce((sum, one) => sum + (one.observedSeconds ?? 0), 0)).toBeGreaterThan(7400 * 0.9);
  // The same hours one by one: where an hour is read from changes nothing.
  for (const [i, one] of hours.entries()) {
    const from = start + i * hour;
    expect(await readRollups(table.client, table.name, 'shared', from, from + hour)).toEqual([one]);
  }
});

test('sums whose answer was lost are not added a second time', async () => {
  const twice = {
    send: async (command: unknown, ...rest: unknown[]) => {
      const send = () =>
        (table.client.send as (...args: unknown[]) => Promise<unknown>).call(table.client, command, ...rest);
      if (command instanceof UpdateItemCommand) await send();
      return send();
    },
  } as typeof table.client;
  const rollups = new DynamoRollups(twice, table.name, 'us-east-1', 0);
  await rollups.write([usageTo('twice', start + 10, 1)], start + 10, signal);
  expect(await read('twice')).toMatchObject([{ observedSeconds: 10, taskSecondsBySize: { '512/1024': 20 } }]);
});

test('what could not be written is tried again, as the same sums', async () => {
  let down = true;
  const send = (...args: Parameters<typeof table.client.send>) =>
    down ? Promise.reject(new Error('down')) : table.client.send(...args);
  const rollups = new DynamoRollups({ send } as unknown as typeof table.client, table.name, 'us-east-1', 0);
  await expect(rollups.write([usageTo('retried', start + 10, 1)], start + 10, signal)).rejects.toThrow('down');
  down = false;
  await rollups.write([usageTo('retried', start + 20, 2)], start + 20, signal);
  expect(await read('retried')).toMatchObject([{ observedSeconds: 20, completed: 2 }]);
});

test('a region without a price has none, whatever else is known', async () => {
  const rollups = new DynamoRollups(table.client, table.name, 'mars-north-1', 0);
  await rollups.write([usageTo('mars', start + 10, 1)], start + 10, signal);
  const [first] = await read('mars');
  expect(first).not.toHaveProperty('usd');
  expect(first?.taskSecondsBySize).toEqual({ '512/1024': 20 });
});

test('totals that began anew count from there', async () => {
  const item = (name: string, sk: string, completed: number): Record<string, AttributeValue> => ({
    pk: { S: `SVC#${name}` },
    sk: { S: sk },
    totals: { M: { completed: { N: String(completed) } } },
  });
  for (const [sk, completed] of [
    ['HOUR#2026-11-21T10', 90],
    ['HOUR#2026-11-21T11', 20],
  ] as const) {
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: item('anew', sk, completed) }));
  }
  expect((await read('anew')).map((one) => one.completed)).toEqual([90, 20]);
});
