import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AppliedAdvice } from '../../lib/act/applied-advice.ts';
import { AppliedStore } from '../../lib/act/applied-store.ts';
import { type AppliedEntry, appliedKey, appliedText, sizeBarredSeconds } from '../../lib/model/applied.ts';
import { FreshApplied, readAppliedTexts } from '../../lib/observe/fresh-applied.ts';
import { planOf } from '../tick/world.ts';
import { type LocalTable, startLocalTable } from './local-table.ts';

/** Goal: two writers never undo each other, a retry is harmless, and a reader costs a read a minute and no outage. */
let table: LocalTable;
let store: AppliedStore;
const { signal } = new AbortController();
const read = () => readAppliedTexts(table.client, table.name, signal, { consistent: true });
const bar = (advice: string): AppliedEntry => ({ barred: [{ advice, until: 9, because: 'why "not"' }] });

beforeAll(async () => {
  table = await startLocalTable();
  store = new AppliedStore(table.client, table.name);
});
afterAll(() => table.close());
beforeEach(async () => {
  for (const [service, text] of Object.entries(await read())) await store.replace(service, text, {});
});

test('what is written is read back; services do not touch each other', async () => {
  expect(await store.replace('a.b', undefined, bar('x'))).toBe('written');
  expect(await store.replace('c', undefined, bar('y'))).toBe('written');
  expect(await read()).toEqual({ 'a.b': appliedText(bar('x')), c: appliedText(bar('y')) });
});

test('who saw something else writes nothing; the same once more is no change', async () => {
  await store.replace('a', undefined, bar('x'));
  expect(await store.replace('a', undefined, bar('z'))).toBe('changed');
  expect(await store.replace('a', appliedText(bar('w')), bar('z'))).toBe('changed');
  expect(await store.replace('a', undefined, bar('x'))).toBe('written');
  expect(await store.replace('a', appliedText(bar('x')), bar('z'))).toBe('written');
  expect(await read()).toEqual({ a: appliedText(bar('z')) });
});

test('an entry without parts goes away, also twice', async () => {
  await store.replace('a', undefined, bar('x'));
  expect(await store.replace('a', appliedText(bar('x')), {})).toBe('written');
  expect(await store.replace('a', appliedText(bar('x')), {})).toBe('written');
  const { Item } = await table.client.send(new GetItemCommand({ TableName: table.name, Key: appliedKey }));
  expect(Object.keys(Item ?? {}).toSorted()).toEqual(['pk', 'sk']);
});

test('a reader asks once a minute, keeps unchanged entries as objects, and survives a failing table', async () => {
  await store.replace('a', undefined, bar('x'));
  await store.replace('b', undefined, bar('x'));
  let down = false;
  let reads = 0;
  const client = new Proxy(table.client, {
    get: (target, name) =>
      name === 'send'
        ? (...args: Parameters<typeof target.send>) => {
            reads += 1;
            return down ? Promise.reject(new Error('down')) : target.send(...args);
          }
        : Reflect.get(target, name),
  });
  const fresh = new FreshApplied(client, table.name);
  const first = await fresh.read(0, signal);
  await fresh.read(59, signal);
  expect(reads).toBe(1);
  await store.replace('b', appliedText(bar('x')), bar('y'));
  const second = await fresh.read(60, signal);
  expect(second.a).toBe(first.a);
  expect(second.b).toEqual(bar('y'));
  down = true;
  expect(await fresh.read(120, signal)).toEqual(second);
  await expect(new FreshApplied(client, table.name).read(0, signal)).rejects.toThrow('down');
});

const size = {
  advice: 'size:a',
  at: 1,
  by: 'report',
  fields: 'x',
  size: { cpu: 256, memoryMiB: 512 },
  before: { cpu: 512, memoryMiB: 1024 },
  from: 100,
  quietHours: [3],
  timeZone: 'UTC',
};

test('a size that did worse is given up, and the next read knows', async () => {
  await store.replace('a', undefined, { size });
  const advice = new AppliedAdvice(table.client, table.name);
  const plan = planOf('a');
  expect(await advice.read(200, signal)).toMatchObject({ a: { size: { from: 100 } } });
  await advice.rejectSize(plan, { of: 100, because: 'slow' }, 200, signal);
  const barred = [{ advice: 'size:a 256/512', until: 200 + sizeBarredSeconds, because: 'slow' }];
  expect(await advice.read(200, signal)).toEqual({ a: { barred } });
  await advice.rejectSize(plan, { of: 100, because: 'slow' }, 210, signal);
  expect(await advice.read(210, signal)).toEqual({ a: { barred } });
});

test('another size than the one that did worse stays, as does what does not read', async () => {
  await store.replace('a', undefined, { size: { ...size, from: 300 } });
  const advice = new AppliedAdvice(table.client, table.name);
  await advice.rejectSize(planOf('a'), { of: 100, because: 'slow' }, 200, signal);
  expect(await read()).toEqual({ a: appliedText({ size: { ...size, from: 300 } }) });
});

test('what people leave in it by hand is unknown where it does not read', async () => {
  await table.client.send(
    new UpdateItemCommand({
      TableName: table.name,
      Key: appliedKey,
      UpdateExpression: 'SET #a = :number, #b = :text, #c = :entry',
      ExpressionAttributeNames: { '#a': 'service:a', '#b': 'service:b', '#c': 'service:c' },
      ExpressionAttributeValues: { ':number': { N: '5' }, ':text': { S: '{"schedule":1}' }, ':entry': { S: '{}' } },
    }),
  );
  expect(await new FreshApplied(table.client, table.name).read(0, signal)).toEqual({
    a: 'unknown',
    b: 'unknown',
    c: {},
  });
  expect(await store.replace('a', '', {})).toBe('written');
  expect(await store.replace('b', '', {})).toBe('changed');
});
