import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { OverrideStore } from '../../lib/act/override-store.ts';
import { noOverrides, overridesKey, readOverrides } from '../../lib/observe/overrides.ts';
import { type LocalTable, startLocalTable } from './local-table.ts';

let table: LocalTable;
let store: OverrideStore;
beforeAll(async () => {
  table = await startLocalTable();
  store = new OverrideStore(table.client, table.name);
});
afterAll(() => table.close());
beforeEach(async () => {
  await store.clearAll(await read());
});

const now = Date.parse('2026-11-21T10:00:00Z') / 1000;
const read = () => readOverrides(table.client, table.name, new AbortController().signal, { consistent: true });

test('no item is no override', async () => {
  expect(await read()).toEqual(noOverrides);
});

test('what is set is read back whole', async () => {
  const pause = { kind: 'pause', until: now + 60, at: now, by: 'ann', reason: 'why "not"' } as const;
  const hold = { kind: 'hold', desired: 0, until: now + 90.5, at: now + 0.25 } as const;
  await store.set({ service: 'a.b' }, pause, now);
  await store.set({ service: 'b' }, hold, now);
  await store.set('all', { kind: 'pause', until: now + 5 }, now);
  expect(await read()).toEqual({
    byService: { 'a.b': pause, b: hold },
    all: { kind: 'pause', until: now + 5, all: true },
  });
});

test('a new one replaces the old one of its scope, and no other', async () => {
  await store.set({ service: 'a' }, { kind: 'pause', until: now + 60 }, now);
  await store.set({ service: 'b' }, { kind: 'pause', until: now + 60 }, now);
  await store.set({ service: 'a' }, { kind: 'hold', desired: 4, until: now + 70 }, now);
  const { byService } = await read();
  expect(byService).toEqual({
    a: { kind: 'hold', desired: 4, until: now + 70 },
    b: { kind: 'pause', until: now + 60 },
  });
});

test('clear tells what there was, and may come twice', async () => {
  await store.set({ service: 'a' }, { kind: 'pause', until: now + 60 }, now);
  expect((await store.clear({ service: 'a' })).byService.a).toEqual({ kind: 'pause', until: now + 60 });
  expect((await store.clear({ service: 'a' })).byService.a).toBeUndefined();
  expect(await read()).toEqual(noOverrides);
});

test('the item does not fill up with what is over', async () => {
  await store.set({ service: 'old' }, { kind: 'pause', until: now + 10 }, now);
  await store.set({ service: 'new' }, { kind: 'pause', until: now + 100 }, now + 11);
  expect(Object.keys((await read()).byService)).toEqual(['new']);
});

test('the one-liners of docs/operations.md stop everything, and clearAll starts it again', async () => {
  await table.client.send(
    new UpdateItemCommand({
      TableName: table.name,
      Key: { pk: { S: 'STAGE' }, sk: { S: 'OVERRIDES' } },
      UpdateExpression: 'SET stopAll = :on, stopAllReason = :why',
      ExpressionAttributeValues: { ':on': { BOOL: true }, ':why': { S: 'incident 7' } },
    }),
  );
  const known = await read();
  expect(known.stop).toEqual({ kind: 'stop', cause: 'switch', all: true, reason: 'incident 7' });
  await store.clearAll(known);
  const { Item } = await table.client.send(
    new GetItemCommand({ TableName: table.name, Key: overridesKey, ConsistentRead: true }),
  );
  expect(Object.keys(Item ?? {}).toSorted()).toEqual(['pk', 'sk']);
});
