import fc from 'fast-check';
import { expect, test } from 'vitest';
import { servicesPerShard, shardsOf } from '../../lib/constructs/bindings/shards.ts';
import { planOf } from './fixtures.ts';

const service = (name: string, ...limits: readonly string[]) => ({
  plan: { ...planOf(name), limits: Object.fromEntries(limits.map((limit) => [limit, 100])) },
});
const shardOf = (shards: ReturnType<typeof shardsOf<ReturnType<typeof service>>>, name: string): string | undefined =>
  [...shards].find(([, members]) => members.some(({ plan }) => plan.service === name))?.[0];

test('services that share a limit are in one shard, directly or over a third one', () => {
  const many = Array.from({ length: 60 }, (_, i) => service(`s${String(i).padStart(2, '0')}`));
  const shards = shardsOf([
    ...many,
    service('a', 'db'),
    service('m', 'db', 'redis'),
    service('z', 'redis'),
    service('y'),
  ]);
  expect(new Set(['a', 'm', 'z'].map((name) => shardOf(shards, name))).size).toBe(1);
});

test('any set: everybody once, sharers together, shards full but not over unless one group is larger', () => {
  const limits = fc.subarray(['a', 'b', 'c', 'd', 'e'], { maxLength: 2 });
  fc.assert(
    fc.property(fc.array(limits, { minLength: 1, maxLength: 90 }), (all) => {
      const services = all.map((names, i) => service(`s${i}`, ...names));
      const shards = shardsOf(services);
      const placed = [...shards.values()].flat().map(({ plan }) => plan.service);
      expect(placed.toSorted()).toEqual(services.map(({ plan }) => plan.service).toSorted());
      for (const limit of ['a', 'b', 'c', 'd', 'e']) {
        const sharers = services.filter(({ plan }) => limit in plan.limits);
        expect(new Set(sharers.map(({ plan }) => shardOf(shards, plan.service))).size).toBeLessThanOrEqual(1);
      }
      for (const members of shards.values()) {
        const free = members.filter(({ plan }) => Object.keys(plan.limits).length === 0);
        if (members.length > servicesPerShard) expect(free).toEqual([]);
      }
    }),
    { seed: 4, numRuns: 200 },
  );
});
