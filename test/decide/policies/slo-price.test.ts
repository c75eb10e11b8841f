import { describe, expect, it } from 'vitest';
import {
  initialLatePrice,
  type LatePrice,
  nextLatePrice,
  type Spending,
  startsPerLateJob,
} from '../../../lib/decide/policies/slo-price.ts';

const tick: Spending = {
  elapsedSeconds: 10,
  started: 3,
  late: 0,
  runningSlots: 10,
  busySlotSeconds: 80,
  slotsPerTask: 1,
  allowedShare: 0.01,
  maxCostFactor: 3,
  reactionSeconds: 55,
  startWithinSeconds: 60,
};

const priceAfter = (hours: number, changes: Partial<Spending> = {}, from: LatePrice = initialLatePrice): LatePrice => {
  let price = from;
  for (let i = 0; i < hours * 360; i++) price = nextLatePrice(price, { ...tick, ...changes });
  return price;
};
const onBudget = { late: 0.021 };
const first = (changes: Partial<Spending>) => nextLatePrice(initialLatePrice, { ...tick, ...changes }).log;

describe('the price of a late job', () => {
  it.each([
    ['a promise of five minutes', { startWithinSeconds: 300 }, -0.5, 0.5],
    ['a promise of a minute', { startWithinSeconds: 60 }, 1.5, 2],
    ['a promise shorter than a start', { startWithinSeconds: 30 }, 4, 5],
    ['a promise that is hopeless', { startWithinSeconds: 5 }, 4.9, 5],
  ])('begins where the promise puts it: %s', (_, changes, least, most) => {
    expect(first(changes)).toBeGreaterThanOrEqual(least);
    expect(first(changes)).toBeLessThanOrEqual(most);
  });

  it('goes up with the start-ups that prove slower than was believed, before many jobs are late, and down with faster ones', () => {
    const before = priceAfter(1, onBudget);
    const slower = priceAfter(1, { ...onBudget, reactionSeconds: 100 }, before);
    expect(slower.log).toBeGreaterThan(before.log + 2);
    const faster = priceAfter(1, { ...onBudget, reactionSeconds: 30 }, before);
    expect(faster.log).toBeLessThan(before.log);
  });

  it('with late jobs above the budget rises by 1 an hour at most, with none falls by 0.3', () => {
    const start = priceAfter(1, onBudget);
    expect(priceAfter(1, { late: 3 }, start).log - start.log).toBeCloseTo(1, 1);
    expect(priceAfter(1, { late: 0 }, priceAfter(12, { late: 3 })).log - priceAfter(12, { late: 3 }).log).toBeCloseTo(
      -0.3,
      1,
    );
  });

  it('does not rise while the bill is full', () => {
    const dear = { late: 3, runningSlots: 100 };
    const start = priceAfter(24, { ...dear, late: 0.021 });
    expect(priceAfter(5, dear, start).log).toBeLessThanOrEqual(start.log);
    expect(priceAfter(5, { ...dear, maxCostFactor: 100 }, start).log).toBeGreaterThan(start.log + 3);
  });

  it('stays within its bounds whatever happens', () => {
    for (const changes of [{ late: 3 }, { late: 0 }, { reactionSeconds: 1e6 }, { reactionSeconds: 1e-6 }]) {
      const { log } = priceAfter(200, { ...changes, maxCostFactor: 1e9 });
      expect(log).toBeGreaterThanOrEqual(-2.5);
      expect(log).toBeLessThanOrEqual(7);
    }
  });

  it('of a longer job is higher in proportion', () => {
    const price = priceAfter(1);
    expect(startsPerLateJob(price, 60)).toBeCloseTo(2 * startsPerLateJob(price, 30));
  });
});
