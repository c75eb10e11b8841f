import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../lib/report/plan/make-plan.ts';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import type { FargateUsage, InstanceUsage, Series, Usage } from '../../../lib/report/usage/usage.ts';
import { usageOf, workedService } from './worked-service.ts';

/**
 * Goal: a month of what is new is reckoned per hour since it is known, beside whatever is old; what was billed is not.
 * Method: the worked service of nine weeks and the same of two, beside a database of nine.
 */
const weeks = 9;
const database: InstanceUsage = {
  kind: 'rds',
  id: 'old',
  region: 'us-east-1',
  type: 'db.r6g.large',
  engine: 'mysql',
  multiAz: false,
  nodes: 1,
  hourly: { running: new Array(weeks * 168).fill(1) },
};
const beside = (service: FargateUsage): Usage => ({ ...usageOf([service]), instances: [database] });
const later = (series: Series): Series => series.map((value, h) => (h < 7 * 168 ? null : value));
/** Nothing known of the first seven weeks. */
const young = (service: FargateUsage): FargateUsage => ({
  ...service,
  hourly: {
    ...Object.fromEntries(Object.entries(service.hourly).map(([name, series]) => [name, later(series)])),
    tasks: later(service.hourly.tasks),
  },
});
const plan = (service: FargateUsage) => makePlan(beside(service), bundledPrices);

describe('a service that is two weeks old beside a database of nine', () => {
  const old = plan(workedService(weeks));
  const fresh = plan(young(workedService(weeks)));
  const sizeOf = (of: typeof old) => of.recommendations.find(({ id }) => id === 'size:convert')?.usdPerMonth;

  it('costs by the month what it costs by the hour, and so does what it saves', () => {
    expect(fresh.usdPerMonthBefore).toBeCloseTo(old.usdPerMonthBefore, 1);
    expect(sizeOf(fresh)).toBeCloseTo(sizeOf(old) ?? 0, 1);
    expect(sizeOf(fresh)).toBeGreaterThan(200);
  });

  it('is in the bill of the window for its own hours', () => {
    const rdsUsd = makePlan({ ...beside(workedService(weeks)), services: [] }, bundledPrices).windowUsd;
    expect(fresh.windowUsd - rdsUsd).toBeCloseTo(((old.windowUsd - rdsUsd) * 2) / 9, 6);
  });

  it('is committed to for no more than it has been there', () => {
    const fee = (of: typeof old) =>
      of.commitmentOptions.find(({ pool, offer }) => pool === '' && offer.years === 1 && offer.payment === 'none')
        ?.optimalFeeUsdPerHour ?? 0;
    expect(fee(old)).toBeGreaterThan(0);
    expect(fee(fresh)).toBe(0);
  });

  it('adds up', () => {
    const sum = fresh.recommendations.reduce((usd, line) => usd + line.usdPerMonth, fresh.minor.usdPerMonth);
    expect(sum).toBeCloseTo(fresh.savingUsdPerMonth, 6);
    expect(fresh.usdPerMonthAfter).toBeGreaterThan(0);
  });
});
