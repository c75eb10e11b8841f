import { expect, test } from 'vitest';
import { shardsOf } from '../../lib/constructs/bindings/shards.ts';
import { planOf } from './fixtures.ts';

const services = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ plan: planOf(`s${String(index).padStart(3, '0')}`) }));

test.each([
  [1, [1]],
  [30, [30]],
  [31, [30, 1]],
  [95, [30, 30, 30, 5]],
])('%i services fall into shards of %j', (count, sizes) => {
  const shards = shardsOf(services(count));
  expect([...shards.values()].map((shard) => shard.length)).toEqual(sizes);
  expect([...shards.keys()]).toEqual(sizes.map((_, index) => String(index)));
});

test('the order in which services are given does not matter', () => {
  expect(shardsOf(services(40).toReversed())).toEqual(shardsOf(services(40)));
});
