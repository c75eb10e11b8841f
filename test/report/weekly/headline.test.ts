import { describe, expect, it } from 'vitest';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import type { Usage } from '../../../lib/report/usage/usage.ts';
import { headlines } from '../../../lib/report/weekly/headline.ts';
import { renderReportHtml } from '../../../lib/report/weekly/render-html.ts';
import { spendOf } from '../../../lib/report/weekly/spend.ts';
import { subjectOf } from '../../../lib/report/weekly/subject.ts';
import { makeReport } from '../../../lib/report/weekly/weekly-report.ts';
import { usage } from './weekly-fixtures.ts';

/**
 * Goal: the first sentences are true of every account: with services or without, with prices or without.
 * Method: the example with parts taken away; sums that are known by hand.
 */
const told = (change: Partial<Usage>) => makeReport({ ...usage, ...change }, bundledPrices);
const first = (change: Partial<Usage>): string => headlines(told(change)).join(' ');

describe('the first sentence', () => {
  it('tells services with their jobs, and what else there is beside them', () => {
    expect(first({})).toMatch(
      /^The week cost USD 117\.42 for 172,200 jobs, 1\.3 % more than the week before, and USD [\d.]+ for 2 databases, 1 cache and 1 /,
    );
  });

  it('of an account without services tells what there is', () => {
    expect(first({ services: [] })).toMatch(
      /^The week cost USD [\d.]+ for 2 databases.*No service of Sluice is in it\./,
    );
    expect(subjectOf(told({ services: [] }))).toMatch(/^Sluice, week to 2026-11-16: USD \d{2,3}\.\d\d, USD/);
  });

  it('of nothing at all says so', () => {
    const nothing = { services: [], instances: [], orphans: [], bill: [] };
    expect(first(nothing)).toMatch(/^There is nothing to tell/);
    expect(subjectOf(told(nothing))).toContain('no cost is known');
  });

  it('names what is in no sum', () => {
    const [service, ...rest] = usage.services;
    if (service === undefined) throw new Error('the example has services');
    expect(first({ services: [{ ...service, region: 'us-moon-1' }, ...rest] })).toContain(
      'Not in it, for nobody knows what it cost: convert.',
    );
    const unseen = { ...service, hourly: { ...service.hourly, tasks: service.hourly.tasks.map(() => null) } };
    expect(first({ services: [unseen], instances: [], orphans: [] })).toContain('cost is not known');
    expect(renderReportHtml(told({ services: [unseen] }))).toContain('Nobody saw its tasks');
  });

  it('compares replays with what ran in the same hours', () => {
    const [service] = usage.services;
    if (service === undefined) throw new Error('the example has services');
    const two = { ...service, arrivalsByMinute: Array.from({ length: 137 }, () => 2) };
    const report = told({ services: [two], instances: [], orphans: [] });
    const [{ replay } = {}] = report.services;
    // Minutes that are no whole hour are left out; each task is 0.09874 + 0.005 an hour.
    const tasks = service.hourly.tasks.slice(-2).reduce((sum: number, count) => sum + (count ?? 0), 0);
    const usd = tasks * (2 * 0.04048 + 4 * 0.004445 + 0.005);
    expect(replay).toMatchObject({ hours: 2, fromHour: 1510 });
    expect(replay?.ran.usd).toBeCloseTo(usd, 6);
    expect(headlines(report).join(' ')).toContain(
      `(those replayed, of hours that cost USD ${usd.toFixed(2)}) the best fixed fleet`,
    );
  });
});

describe('what the week cost', () => {
  it('adds up, commitments and all', () => {
    const held = {
      id: 'sp',
      kind: 'computeSavingsPlan' as const,
      years: 1 as const,
      payment: 'none' as const,
      feeUsdPerHour: 0.1,
      until: usage.from + 10_000 * 3600,
    };
    const plain = spendOf(usage, bundledPrices, usage.hours - 168, usage.hours);
    const covered = spendOf({ ...usage, commitments: [held] }, bundledPrices, usage.hours - 168, usage.hours);
    expect(plain.lines.map(({ of }) => of)).toEqual(['fargate', 'rds', 'elasticache', 'orphan']);
    expect(covered.lines.at(-1)).toMatchObject({ of: 'commitments', count: 1 });
    for (const spend of [plain, covered]) {
      expect(spend.lines.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(spend.usd, 9);
    }
    expect(covered.usd).toBeLessThan(plain.usd);
  });
});
