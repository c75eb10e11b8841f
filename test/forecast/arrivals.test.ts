import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Arrivals,
  arrivalRate,
  arrivedBy,
  initialArrivals,
  observeArrivals,
} from '../../lib/forecast/arrivals.ts';

/** A stream seen every 10 s, with so many jobs in each step. */
const seen = (counts: readonly number[], from: Arrivals = initialArrivals): Arrivals => {
  let arrivals = from;
  let level = 0;
  counts.forEach((count, i) => {
    level += count;
    arrivals = observeArrivals(arrivals, 10 * i, level);
  });
  return arrivals;
};
const steady = (count: number, steps: number): number[] => Array.from({ length: steps }, () => count);

describe('the arrival rate', () => {
  it.each([
    ['nothing seen yet', [], 0],
    ['silence', steady(0, 100), 0],
    ['a steady stream', steady(20, 100), 2],
    ['a surge in the last 10 s', [...steady(2, 60), 60], 6],
    ['a doubling a minute ago', [...steady(20, 60), ...steady(40, 6)], 4],
    ['a stop two minutes ago', [...steady(20, 60), ...steady(0, 12)], 0],
  ] as const)('%s', (_, counts, perSecond) => {
    expect(arrivalRate(seen(counts).curve, 0)).toBeCloseTo(perSecond, 0);
  });

  it('a noisy counter is no surge', () => {
    const quiet = seen([...steady(20, 60), 45]).curve;
    expect(arrivalRate(quiet, 0)).toBeGreaterThan(3);
    expect(arrivalRate(quiet, 15)).toBeLessThan(2.6);
  });

  it('is never negative, and the curve stays bounded, whatever the counters say', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 500 }), { maxLength: 400 }), (counts) => {
        const { curve, dispersion } = seen(counts);
        expect(arrivalRate(curve, 0)).toBeGreaterThanOrEqual(0);
        expect(curve.length).toBeLessThanOrEqual(64);
        expect(dispersion).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the arrival curve', () => {
  it('is read between its points and at both ends', () => {
    const curve = [
      [100, 0],
      [110, 10],
    ] as const;
    expect([90, 100, 105, 110, 200].map((at) => arrivedBy(curve, at))).toEqual([0, 0, 5, 10, 10]);
  });

  it('learns that bursts are not Poisson', () => {
    const bursts = Array.from({ length: 600 }, (_, i) => (i % 60 < 6 ? 200 : 10));
    expect(seen(steady(20, 600)).dispersion).toBeLessThan(1.5);
    expect(seen(bursts).dispersion).toBeGreaterThan(5);
  });
});
