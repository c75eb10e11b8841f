import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockTicks, niceTicks, plotSide, scaleTo, wholeTicks } from '../../../lib/report/charts/scale.ts';

describe('ticks of an axis', () => {
  it.each([
    [10, [0, 2.5, 5, 7.5, 10]],
    [0.37, [0, 0.1, 0.2, 0.3, 0.4]],
    [12, [0, 5, 10, 15]],
    [0, [0, 1]],
    [Number.NaN, [0, 1]],
  ])('are round and reach %d', (max, ticks) => expect(niceTicks(max)).toEqual(ticks));

  it.each([
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [10, [0, 3, 6, 9, 12]],
    [300, [0, 100, 200, 300]],
  ])('of things that cannot be halved are whole up to %d', (max, ticks) => expect(wholeTicks(max)).toEqual(ticks));

  it.each([
    [130, [0, 30, 60, 90, 120]],
    [7, [0, 2, 4, 6]],
    [90_000, [0, 21_600, 43_200, 64_800, 86_400]],
  ])('of time are those of a clock up to %d s', (max, ticks) => expect(clockTicks(max)).toEqual(ticks));

  it('always cover the data, ascend and stay few', () =>
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (max) => {
        for (const ticks of [niceTicks(max), wholeTicks(max)]) {
          expect(ticks.at(-1)).toBeGreaterThanOrEqual(max * (1 - 1e-9));
          expect(ticks.length).toBeLessThanOrEqual(8);
          expect(ticks.toSorted((a, b) => a - b)).toEqual(ticks);
        }
        expect(clockTicks(max).length).toBeLessThanOrEqual(7);
      }),
    ));
});

describe('a scale', () => {
  it('maps the ends to the ends and never leaves the plot', () => {
    const scale = scaleTo(50);
    expect([scale(0), scale(25), scale(50), scale(70), scale(-3)]).toEqual([0, plotSide / 2, plotSide, plotSide, 0]);
  });
  it('of nothing is flat', () => expect(scaleTo(0)(5)).toBe(0));
});
