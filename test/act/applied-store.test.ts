import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AppliedStore } from '../../lib/act/applied-store.ts';
import { type AppliedEntry, appliedKey, appliedText } from '../../lib/model/applied.ts';
import { FreshApplied, readAppliedTexts } from '../../lib/observe/fresh-applied.ts';
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
