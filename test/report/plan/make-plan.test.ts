import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../lib/report/plan/make-plan.ts';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import { usageOf, workedService } from './worked-service.ts';

describe('the plan of the worked service', () => {
  const plan = makePlan(usageOf([workedService(13)]), bundledPrices);

  it('saves 373.24 of 442.78 USD a month, in sequence', () => {
    expect(plan.usdPerMonthBefore).toBe(442.78);
    expect(plan.recommendations.map(({ kind, usdPerMonth }) => [kind, usdPerMonth])).toEqual([
      ['size', 221.39],
      ['arm', 44.26],
      ['schedule', 45.31],
      ['spot', 56.15],
      ['commit', 6.13],
    ]);
    expect(plan.savingUsdPerMonth).toBe(373.24);
    // The facts print 69.53, the bill of the last state before rounding; here every printed figure adds up.
    expect(plan.usdPerMonthAfter).toBe(69.54);
  });

  it('knows what each would save alone, which must never be added', () => {
    expect(plan.recommendations.map(({ aloneUsdPerMonth }) => aloneUsdPerMonth)).toEqual([
      221.39, 88.52, 113.27, 203.54, 57.66,
    ]);
    expect(JSON.stringify(plan)).not.toContain('684');
  });
});
