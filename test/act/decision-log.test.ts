import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DecisionLog, readLog } from '../../lib/act/decision-log.ts';
import type { Alert, DecisionRecord } from '../../lib/model/decision.ts';
import { unknown } from '../../lib/model/observation.ts';
import { start } from '../tick/world.ts';
import { type LocalTable, startLocalTable } from './local-table.ts';

let table: LocalTable;
beforeAll(async () => {
  table = await startLocalTable();
});
afterAll(() => table.close());

const { signal } = new AbortController();

const recordAt = (now: number, service: string, change: Partial<DecisionRecord['decision']> = {}): DecisionRecord => ({
  tick: `s0@${new Date(now * 1000).toISOString()}`,
  observation: { now, queues: [], service: unknown('missing'), work: unknown('missing'), signals: {} },
  decision: {
    service,
    at: now,
    kind: 'keep',
    from: 1,
    desired: 1,
    size: { cpu: 256, memoryMiB: 512 },
    alerts: [],
    explanation: [],
    summary: 'Stay at 1.',
    shadow: false,
    ...change,
  },
});

const packs = async (service: string, day = '2026-11-21') => {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `LOG#${service}#${day}` } },
    }),
  );
  return Items;
};

test('ticks without action are packed every five minutes; an action is written at once with what waited', async () => {
  const log = new DecisionLog(table.client, table.name);
  for (let t = 0; t < 300; t += 10) await log.write([recordAt(start + t, 'packed')], start + t, signal);
  expect(await packs('packed')).toHaveLength(0);
  await log.write([recordAt(start + 300, 'packed')], start + 300, signal);
  expect(await packs('packed')).toMatchObject([{ count: { N: '31' }, actions: { N: '0' } }]);
  await log.write([recordAt(start + 310, 'packed')], start + 310, signal);
  await log.write([recordAt(start + 320, 'packed', { kind: 'scale', desired: 4 })], start + 320, signal);
  const [, second] = await packs('packed');
  expect(second).toMatchObject({ count: { N: '2' }, actions: { N: '1' }, from: { N: String(start + 310) } });
  expect(Number(second?.ttl?.N)).toBe(start + 310 + 90 * 86_400);
});

test('a new alert is written at once, the same one again is not', async () => {
  const log = new DecisionLog(table.client, table.name);
  const alerts: Alert[] = [{ code: 'accessDenied', severity: 'critical', text: 'no' }];
  for (let i = 0; i < 5; i++) await log.write([recordAt(start + i, 'alerted', { alerts })], start + i, signal);
  expect(await packs('alerted')).toHaveLength(1);
});

test('the reader gives the asked time in order, over midnight and across writers', async () => {
  const midnight = Date.parse('2026-11-22T00:00:00Z') / 1000;
  const [a, b] = [new DecisionLog(table.client, table.name), new DecisionLog(table.client, table.name)];
  for (let t = midnight - 600; t < midnight + 600; t += 10) {
    await (t % 20 === 0 ? a : b).write([recordAt(t, 'night')], t, signal);
  }
  const scaled = recordAt(midnight + 600, 'night', { kind: 'scale', desired: 2 });
  await a.write([scaled], midnight + 600, signal);
  await b.write([recordAt(midnight + 610, 'night', { kind: 'scale', desired: 1 })], midnight + 610, signal);
  const read = await readLog(table.client, table.name, 'night', midnight - 100, midnight + 605);
  expect(read.map(({ observation }) => observation.now)).toEqual(
    Array.from({ length: 71 }, (_, i) => midnight - 100 + 10 * i),
  );
  expect(read.at(-1)).toEqual(scaled);
  expect(await packs('night', '2026-11-22')).not.toHaveLength(0);
});

test('what could not be written is written with the next tick', async () => {
  let down = true;
  const send = (...args: Parameters<typeof table.client.send>) =>
    down ? Promise.reject(new Error('down')) : table.client.send(...args);
  const log = new DecisionLog({ send } as unknown as typeof table.client, table.name);
  const action = { kind: 'scale', desired: 2 } as const;
  await expect(log.write([recordAt(start, 'late', action)], start, signal)).rejects.toThrow('down');
  down = false;
  await log.write([recordAt(start + 10, 'late', action)], start + 10, signal);
  expect(await readLog(table.client, table.name, 'late', start, start + 20)).toHaveLength(2);
});
