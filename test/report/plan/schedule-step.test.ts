import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../lib/report/plan/make-plan.ts';
import { defaultPlanSettings } from '../../../lib/report/plan/plan-settings.ts';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import type { FargateUsage, Usage } from '../../../lib/report/usage/usage.ts';
import { scaledService } from './scaled-service.ts';
import { isBusiness, usageOf, weeksOf } from './worked-service.ts';

const settings = { ...defaultPlanSettings, minorUsdPerMonth: 0, minorPercent: 0, replayDecisions: 12_000 };
const lineOf = (service: FargateUsage, more: Partial<Usage> = {}) =>
  makePlan(usageOf([service], more), bundledPrices, settings).recommendations.find(({ kind }) => kind === 'schedule');

/** Office hours that need four tasks, nothing else; no minutes, so that windows come from the hours. */
const office = (jobsAt: (h: number) => number): FargateUsage => {
  const { arrivalsByMinute: _, ...service } = scaledService({
    weeks: 4,
    jobs: { day: 0, night: 0 },
    seconds: 30,
    within: 300,
    bounds: { min: 4, max: 8 },
    tasks: () => 4,
  });
  return { ...service, hourly: { ...service.hourly, jobs: weeksOf(4, (h) => h).map((_, h) => jobsAt(h)) } };
};
const usual = (h: number): number => (isBusiness(h % 168) ? 400 : 0);

describe('holidays', () => {
  // Monday of the third week.
  const holiday = { holidays: ['2026-08-31'] };
  const isHoliday = (h: number): boolean => Math.floor(h / 24) === 14;

  it('a quiet one does not break the pattern of its weekday', () => {
    const line = lineOf(
      office((h) => (isHoliday(h) ? 0 : usual(h))),
      holiday,
    );
    expect(line?.change).toMatchObject({ to: 'minimums', from: 8, until: 20, business: 4, offHours: 0, rest: 0 });
    expect(line?.evidence[1]?.text).toMatch(/^0 of the last 4 weeks/);
  });

  it('a busy one makes no pattern of weekends and nights, but has a window of its own', () => {
    const line = lineOf(
      office((h) => (isHoliday(h) ? 400 : usual(h))),
      holiday,
    );
    expect(line?.change).toMatchObject({ business: 4, offHours: 0, rest: 0, holiday: 4 });
    expect(line?.patch[0]?.text).toContain("{ name: 'holidays', days: 'holidays', tasks: { min: 4 } },\n");
  });

  it('the same day without the calendar would have', () => {
    expect(lineOf(office((h) => (isHoliday(h) ? 400 : usual(h))))?.change).not.toMatchObject({ offHours: 0 });
  });

  it('holidays that are known and were not seen are taken for busy working days', () => {
    const line = lineOf(office(usual), { holidays: ['2026-12-25'] });
    expect(line?.change).toMatchObject({ holiday: 4, rest: 0 });
    expect(line?.patch[0]?.text).toContain('// none was seen yet');
  });
});

describe('the chance of being wrong', () => {
  it('one week of four that needed more is a missed week, with its late jobs and dollars', () => {
    const odd = (h: number): number => (h >= 504 && h % 168 === 50 ? 400 : usual(h));
    const service = { ...office(odd), slo: { percent: 99, startWithinSeconds: 30 } };
    const line = lineOf(service);
    expect(line?.evidence[1]?.text).toMatch(/^1 of the last 4 weeks would have needed more/);
    expect(line?.ifWrong).toMatchObject({ of: 'week' });
    expect(line?.ifWrong?.lateJobs).toBeGreaterThan(0);
    expect(line?.ifWrong?.usd).toBeGreaterThan(0);
  });

  it('is never nothing, and less with more weeks', () => {
    const few = lineOf(office(usual))?.ifWrong?.chancePercent ?? 0;
    expect(few).toBe(10);
  });
});

describe('minimums by the simulator', () => {
  const needless = (within: number, jobs: { day: number; night: number }): FargateUsage =>
    scaledService({
      weeks: 3,
      jobs,
      seconds: 30,
      within,
      bounds: { min: 4, max: 12 },
      tasks: (n) => Math.max(4, Math.ceil((n * 30) / 3600 / 0.8)),
    });

  it('go below what the formula needs where the replay keeps the promise', () => {
    const line = lineOf(needless(300, { day: 300, night: 10 }));
    const change = line?.change;
    expect(change?.to === 'bounds' ? change.min : change?.to === 'minimums' ? change.offHours : 9).toBe(0);
    expect(line?.evidence.at(-1)?.text).toMatch(/hardest days again with them: (99|100)\.\d\d % of/);
  });

  it('stay where the replay breaks it: a start of 75 s keeps no promise of 15 s', () => {
    const change = lineOf(needless(15, { day: 300, night: 60 }))?.change;
    const least = change?.to === 'bounds' ? change.min : change?.to === 'minimums' ? change.offHours : 4;
    expect(least).toBeGreaterThan(0);
  });
});
