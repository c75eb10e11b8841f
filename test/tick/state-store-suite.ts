import { expect, test } from 'vitest';
import { freshLearnt, initialState } from '../../lib/model/state.ts';
import type { StateStore } from '../../lib/tick/ports.ts';

const hot = (lastTickAt: number, asked = 3) => ({ ...initialState(0).hot, lastTickAt, asked });
const { signal } = new AbortController();
let shards = 0;

/** What every state store promises. Call it inside a `describe`. */
export function stateStoreSuite(storeOf: () => StateStore): void {
  const fresh = () => ({ store: storeOf(), shard: `shard-${shards++}`, service: `service-${shards}` });

  test('a shard that was never written is version 0 and knows no service', async () => {
    const { store, shard } = fresh();
    expect(await store.load(shard, signal)).toEqual({ version: 0, sentUntil: 0, services: {} });
  });

  test('what was committed is read back, to the millisecond', async () => {
    const { store, shard } = fresh();
    const services = { a: hot(1_795_255_200.123), 'b-c.d': { ...hot(7), scaledInAt: 5.5, foreignUntil: 9, asked: -1 } };
    expect(await store.commit(shard, 0, services, 1, signal)).toBe('committed');
    expect(await store.load(shard, signal)).toMatchObject({ version: 1, services });
  });

  test('of writers that read the same version exactly one wins', async () => {
    const { store, shard } = fresh();
    await store.commit(shard, 0, {}, 0, signal);
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => store.commit(shard, 1, { a: hot(i) }, i, signal)),
    );
    expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
    const winner = outcomes.indexOf('committed');
    expect((await store.load(shard, signal)).services.a?.lastTickAt).toBe(winner);
  });

  test('nobody commits on a version that was never read', async () => {
    const { store, shard } = fresh();
    await store.commit(shard, 0, {}, 0, signal);
    expect(await store.commit(shard, 0, { a: hot(1) }, 1, signal)).toBe('lost');
    expect(await store.commit(shard, 2, { a: hot(1) }, 1, signal)).toBe('lost');
  });

  test('marking ticks as sent goes forward only and leaves version and services alone', async () => {
    const { store, shard } = fresh();
    await store.markSent(shard, 100, signal);
    expect(await store.commit(shard, 0, { a: hot(5) }, 5, signal)).toBe('committed');
    await store.markSent(shard, 200, signal);
    await store.markSent(shard, 150, signal);
    expect(await store.load(shard, signal)).toEqual({ version: 1, sentUntil: 200, services: { a: hot(5) } });
  });

  test('alerts are kept with the commit; a fulfilled claim stands until a commit folds it, and no other does', async () => {
    const { store, shard } = fresh();
    const open = { code: 'maxReached', severity: 'warning', since: 100, seen: 170 } as const;
    const told = { ...open, told: { news: 'begin', severity: 'critical', at: 160, claim: 1 } } as const;
    const sent = { ...open, code: 'b', told: { news: 'again', severity: 'warning', at: 160 } } as const;
    const states = { a: [told, sent], b: [open] };
    await store.commit(shard, 0, {}, 0, signal, { states, folded: [] });
    expect((await store.load(shard, signal)).alerts).toEqual(states);
    await Promise.all([store.markTold(shard, 1, signal), store.markTold(shard, 7, signal)]);
    await store.markTold(shard, 1, signal);
    expect((await store.load(shard, signal)).told?.toSorted()).toEqual([1, 7]);
    // A function without alerts leaves them as they are.
    await store.commit(shard, 1, {}, 0, signal);
    expect(await store.load(shard, signal)).toMatchObject({ version: 2, alerts: states });
    expect(await store.commit(shard, 1, {}, 0, signal, { states: {}, folded: [1, 7] })).toBe('lost');
    await store.commit(shard, 2, {}, 0, signal, { states: {}, folded: [1] });
    const left = await store.load(shard, signal);
    expect([left.version, left.alerts, left.told]).toEqual([3, undefined, [7]]);
  });

  test('learnt state comes back whole, and an older one never replaces a newer one', async () => {
    const { store, service } = fresh();
    expect(await store.loadLearnt(service, signal)).toBeUndefined();
    const learnt = { ...freshLearnt(4), policies: { 'of.0': { text: 'ü', list: [1, null, true] } } };
    await store.saveLearnt(service, { at: 20, learnt }, signal);
    await store.saveLearnt(service, { at: 10, learnt: freshLearnt(9) }, signal);
    expect(await store.loadLearnt(service, signal)).toEqual({ at: 20, learnt });
  });
}
