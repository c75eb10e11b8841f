import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../lib/report/plan/make-plan.ts';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import type { HeldCommitment, Usage } from '../../../lib/report/usage/usage.ts';
import { renderReportHtml } from '../../../lib/report/weekly/render-html.ts';
import { makeReport } from '../../../lib/report/weekly/weekly-report.ts';
import { usageOf, workedService } from './worked-service.ts';

/**
 * Goal: what a change frees of a commitment that is paid for is told with the day from which it is money, and is in no sum.
 * Method: the worked service of four tasks at least and ten at most, under Savings Plans of known fees.
 */
const until = Date.parse('2027-03-01T00:00:00Z') / 1000;
const plan = (feeUsdPerHour: number): HeldCommitment => ({
  id: 'sp-1',
  kind: 'computeSavingsPlan',
  years: 1,
  payment: 'none',
  feeUsdPerHour,
  until,
});
const under = (...commitments: HeldCommitment[]): Usage => ({ ...usageOf([workedService(9)]), commitments });
const sums = (usage: Usage) => {
  const made = makePlan(usage, bundledPrices);
  const lines = made.recommendations.reduce((sum, line) => sum + line.usdPerMonth, made.minor.usdPerMonth);
  return { made, lines };
};

describe('savings under commitments that are held', () => {
  it('without any nothing is frozen', () => {
    const { made } = sums(under());
    expect(made.frozen).toEqual([]);
    expect(made.recommendations.some(({ frozen }) => frozen !== undefined)).toBe(false);
  });

  it('a plan that covers the nights: a smaller size saves by day, and frees the plan by night', () => {
    const { made, lines } = sums(under(plan(0.3)));
    const size = made.recommendations.find(({ id }) => id === 'size:convert');
    expect(size?.frozen).toEqual({ usdPerMonth: expect.any(Number), from: until, commitments: ['sp-1'] });
    expect(size?.frozen?.usdPerMonth).toBeGreaterThan(10);
    // What is freed is a part of the fee, and in no sum.
    expect(size?.frozen?.usdPerMonth).toBeLessThan(0.3 * 730);
    expect(lines).toBeCloseTo(made.savingUsdPerMonth, 6);
    expect(made.usdPerMonthAfter).toBeGreaterThanOrEqual(0.3 * 730 - 0.01);
  });

  it('a plan that covers all: nothing to save, and what waits for its end is said with the day', () => {
    const usage = under(plan(5));
    const { made } = sums(usage);
    expect(made.savingUsdPerMonth).toBe(0);
    expect(made.frozen.map(({ id, from }) => [id, from])).toContainEqual(['size:convert', until]);
    const html = renderReportHtml(makeReport(usage, bundledPrices));
    expect(html).toContain('Reusable from');
    expect(html).toContain('Mon 1 Mar 2027');
  });
});
