import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bestFee as bestFeeOn,
  type Coverable,
  feeCurve,
} from '../../../lib/report/plan/commitments/best-commitment.ts';
import { survival } from '../../../lib/report/plan/commitments/commitment-option.ts';
import { weeksOf } from './worked-service.ts';

const taskUsd = 0.04937;
const bestFee = (coverables: readonly Coverable[], weights?: Float64Array, chance?: number): number =>
  bestFeeOn(feeCurve(coverables), weights, chance);

/** facts/cost.md 8: 60 hours of the week with 10 tasks, 60 with 2, 48 with 1. */
const burstyWeek = Float64Array.from(weeksOf(1, (h) => (h < 60 ? 10 : h < 120 ? 2 : 1)).map((n) => n * taskUsd));

const costUsd = (usage: Float64Array, ratio: number, fee: number): number =>
  usage.reduce((sum, usd) => sum + fee + Math.max(0, usd - fee / ratio), 0);

describe('the bursty week', () => {
  const onDemand = costUsd(burstyWeek, 1, 0);
  it.each([
    ['1 year, no upfront', 0.2, 1, 0.0395, 4.4],
    ['1 year, all upfront', 0.27, 1, 0.036, 5.9],
    ['3 years, no upfront', 0.45, 2, 0.0543, 13.4],
    ['3 years, all upfront', 0.52, 2, 0.0474, 16.5],
  ])('%s: discount %d commits to %d tasks', (_, discount, tasks, fee, savedPercent) => {
    const best = bestFee([{ usd: burstyWeek, ratio: 1 - discount }]);
    expect(best / (1 - discount) / taskUsd).toBeCloseTo(tasks, 9);
    expect(best).toBeCloseTo(fee, 4);
    expect(100 * (1 - costUsd(burstyWeek, 1 - discount, best) / onDemand)).toBeCloseTo(savedPercent, 1);
  });

  it('on average usage a plan of a year would lose money', () => {
    const mean = onDemand / 168;
    expect(costUsd(burstyWeek, 0.8, mean * 0.8)).toBeGreaterThan(onDemand);
  });

  it('off for more of the time than the discount: commit nothing', () => {
    const nights = Float64Array.from(weeksOf(1, (h) => (h % 24 < 12 ? 1 : 0)));
    expect(bestFee([{ usd: nights, ratio: 0.8 }])).toBe(0);
  });

  it.each([
    [0.25, 1, 0.2, 0.079],
    [0.25, 3, 0.45, 0.179],
    [0.25, 3, 0.52, 0.28],
  ])('a yearly loss of %d over %d years makes the %d-quantile the %d one', (loss, years, discount, quantile) => {
    expect(1 - (1 - discount) / survival(loss, years)).toBeCloseTo(quantile, 2);
  });

  it('a loss of 40 % a year leaves nothing to commit to', () => {
    expect(bestFee([{ usd: burstyWeek, ratio: 0.8 }], undefined, survival(0.4, 1))).toBe(0);
  });
});

describe('best fee, laws', () => {
  const hourly = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 });
  const ratio = fc.double({ min: 0.1, max: 0.99, noNaN: true });

  it('no other fee costs less, with one kind of usage or two', () => {
    fc.assert(
      fc.property(
        hourly,
        ratio,
        ratio,
        fc.array(fc.double({ min: 0, max: 200, noNaN: true })),
        (usage, r1, r2, others) => {
          const first = Float64Array.from(usage);
          const second = Float64Array.from(usage, (usd, h) => (h % 3 === 0 ? 0 : usd / 2));
          const coverables = [
            { usd: first, ratio: r1 },
            { usd: second, ratio: r2 },
          ];
          const cost = (fee: number): number => {
            let sum = 0;
            for (let h = 0; h < first.length; h++) {
              let left = fee;
              sum += fee;
              for (const { usd, ratio: r } of coverables.toSorted((a, b) => a.ratio - b.ratio)) {
                const used = Math.min(left, (usd[h] as number) * r);
                left -= used;
                sum += (usd[h] as number) - used / r;
              }
            }
            return sum;
          };
          const best = cost(bestFee(coverables));
          for (const fee of others) expect(best).toBeLessThanOrEqual(cost(fee) + 1e-6);
        },
      ),
    );
  });

  it('never above what the busiest hour could use', () => {
    fc.assert(
      fc.property(hourly, ratio, (usage, r) => {
        expect(bestFee([{ usd: Float64Array.from(usage), ratio: r }])).toBeLessThanOrEqual(
          Math.max(...usage) * r + 1e-9,
        );
      }),
    );
  });
});
