import { expect, test } from 'vitest';
import { dynamoOnce, OnceBusy } from '../../lib/jobs/once.ts';
import { MemoryDynamo } from './dynamo/memory-dynamo.ts';

const claim = (more: { readonly attempt?: number; readonly now?: number } = {}) => ({
  key: 'k',
  attempt: 1,
  now: 1000,
  holdSeconds: 60,
  ...more,
});
const fresh = () => dynamoOnce(new MemoryDynamo().client, 'jobs');
const dies = () => new Promise<never>(() => {});

test('the second one gets what the first one made', async () => {
  const once = fresh();
  expect(await once.run(claim(), async () => ({ a: [1, 'ä'] }))).toEqual({ a: [1, 'ä'] });
  expect(await once.run(claim({ now: 1_000_000 }), dies)).toEqual({ a: [1, 'ä'] });
});

test('nothing is not null', async () => {
  const once = fresh();
  await once.run(claim(), async () => undefined);
  expect(await once.run(claim(), async () => 1)).toBeUndefined();
});

test('what failed may be done again', async () => {
  const once = fresh();
  await expect(once.run(claim(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await once.run(claim(), async () => 2)).toBe(2);
});

test('while somebody is at it nobody else begins; when he is dead, the next attempt does', async () => {
  const once = fresh();
  void once.run(claim(), dies);
  await expect(once.run(claim({ now: 1059 }), async () => 2)).rejects.toThrow(OnceBusy);
  expect(await once.run(claim({ now: 1059, attempt: 2 }), async () => 3)).toBe(3);
});

test('without a higher number the hold must be over', async () => {
  const once = fresh();
  void once.run(claim(), dies);
  expect(await once.run(claim({ now: 1060 }), async () => 4)).toBe(4);
});

test('who was taken over does not overwrite what the other noted', async () => {
  const once = fresh();
  let finish: (value: string) => void = () => {};
  const slow = once.run(claim(), () => new Promise<string>((resolve) => (finish = resolve)));
  await once.run(claim({ attempt: 2 }), async () => 'second');
  finish('first');
  await slow;
  expect(await once.run(claim({ attempt: 3 }), dies)).toBe('second');
});

test('of many at once one does it', async () => {
  const once = fresh();
  let effects = 0;
  const all = await Promise.allSettled(
    Array.from({ length: 20 }, () =>
      once.run(claim(), async () => {
        effects += 1;
      }),
    ),
  );
  expect(effects).toBe(1);
  expect(all.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
});
