import { expect, it } from 'vitest';
import { ownUsdPerMonth } from '../../lib/report/own-cost.ts';

/** Goal: the sum of docs/deploy.md, line by line. */
const one = { queues: 1, busyTasks: 0 };

it('one service at ticks of 10 s', () => {
  expect(ownUsdPerMonth([{ tickSeconds: 10, services: [one] }])).toBeCloseTo(1.3, 2);
});

it('a further service of the shard, and a busy task', () => {
  const base = ownUsdPerMonth([{ tickSeconds: 10, services: [one] }]);
  expect(ownUsdPerMonth([{ tickSeconds: 10, services: [one, one] }]) - base).toBeCloseTo(0.16, 2);
  expect(ownUsdPerMonth([{ tickSeconds: 10, services: [{ ...one, busyTasks: 1 }] }]) - base).toBeCloseTo(0.164, 3);
});

it('nothing deployed costs nothing', () => {
  expect(ownUsdPerMonth([])).toBe(0);
});
