import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DynamoStateStore } from '../../lib/act/dynamo-state-store.ts';
import { initialState } from '../../lib/model/state.ts';
import { MemoryStateStore } from '../tick/memory-state-store.ts';
import { stateStoreSuite } from '../tick/state-store-suite.ts';
import { type LocalTable, startLocalTable } from './local-table.ts';

let table: LocalTable;
beforeAll(async () => {
  table = await startLocalTable();
});
afterAll(() => table.close());

describe('in memory', () => stateStoreSuite(() => new MemoryStateStore()));

describe('in DynamoDB', () => {
  stateStoreSuite(() => new DynamoStateStore(table.client, table.name));

  test('a commit that arrived, and whose answer did not, is known again as our own', async () => {
    const { signal } = new AbortController();
    const store = new DynamoStateStore(deafOnce(table), table.name);
    const hot = { ...initialState(0).hot, lastTickAt: 9 };
    expect(await store.commit('deaf', 0, { a: hot }, 9, signal)).toBe('committed');
    expect(await store.load('deaf', signal)).toMatchObject({ version: 1, services: { a: hot } });
  });
});

/** The first update is carried out and its answer is lost; the SDK's retry is what the caller then sees. */
function deafOnce({ client }: LocalTable): typeof client {
  let deaf = true;
  const send = async (command: unknown, ...rest: unknown[]) => {
    const answer = () => (client.send as (...args: unknown[]) => Promise<unknown>).call(client, command, ...rest);
    if (command instanceof UpdateItemCommand && deaf) {
      deaf = false;
      await answer();
    }
    return answer();
  };
  return { send } as typeof client;
}
