import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../lib/model/bad-input.ts';
import { decideAdvice } from '../../../lib/report/ledger/decide-advice.ts';
import { calibrationOf, type LedgerEntry, readLedger } from '../../../lib/report/ledger/ledger.ts';
import { markApplied } from '../../../lib/report/ledger/mark-applied.ts';
import { mergeLedger } from '../../../lib/report/ledger/merge-ledger.ts';
import { makePlan } from '../../../lib/report/plan/make-plan.ts';
import { defaultPlanSettings } from '../../../lib/report/plan/plan-settings.ts';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import type { FargateUsage, Usage } from '../../../lib/report/usage/usage.ts';
import { monday, usageOf, weeksOf, workedService } from '../plan/worked-service.ts';

const weeks = 9;
const merge = (ledger: readonly LedgerEntry[], usage: Usage): readonly LedgerEntry[] =>
  mergeLedger(ledger, makePlan(usage, bundledPrices), usage, bundledPrices);
const states = (ledger: readonly LedgerEntry[]): readonly string[] => ledger.map(({ id, state }) => `${id} ${state}`);

const first = usageOf([workedService(weeks)]);
/** `later` weeks on, with the same demand and these changes in force all the time. */
const weeksLater = (later: number, change: Partial<FargateUsage> = {}): Usage =>
  usageOf([{ ...workedService(weeks), ...change }], { from: monday + later * 7 * 86_400 });

describe('the life of advice', () => {
  it('opens, and the same week again changes nothing', () => {
    const opened = merge([], first);
    expect(states(opened)).toEqual([
      'size:convert open',
      'arm:convert open',
      'schedule:convert open',
      'spot:convert open',
      'commit:compute open',
    ]);
    expect(merge(opened, first)).toEqual(opened);
  });

  it('is accepted or dismissed by its id, and by no other', () => {
    const decided = decideAdvice(merge([], first), { accept: ['size:convert'], dismiss: ['spot:convert'] }, 5);
    expect(states(decided).filter((line) => !line.endsWith('open'))).toEqual([
      'size:convert accepted',
      'spot:convert dismissed',
    ]);
    expect(states(decideAdvice(decided, { accept: ['spot:convert'], dismiss: [] }, 6))).toContain(
      'spot:convert accepted',
    );
    expect(() => decideAdvice(decided, { accept: ['spot:nobody'], dismiss: [] }, 6)).toThrow(BadInput);
  });

  it('dismissed advice is not given again', () => {
    const plan = makePlan(first, bundledPrices, {
      ...defaultPlanSettings,
      dismissed: ['spot:convert', 'commit:compute'],
    });
    expect(plan.recommendations.map(({ id }) => id)).toEqual(['size:convert', 'arm:convert', 'schedule:convert']);
  });

  it('is applied once the usage shows it, and measured after a week: price of before less price of now', () => {
    const small = { size: { cpu: 1024, memoryMiB: 2048 }, sizeSince: monday + weeks * 7 * 86_400 };
    const week1 = merge(merge([], first), weeksLater(1, small));
    const size = week1.find(({ id }) => id === 'size:convert');
    // 60 h × 10 + 108 h × 4 tasks in 168 h; a task costs 2 × 0.04048 + 4 × 0.004445 = 0.09874 against half of it.
    expect(size).toMatchObject({ state: 'measured', measuredHours: 168, realisedUsdPerMonth: 221.39 });
    expect(size?.predictedUsdPerMonth).toBe(221.39);
    expect(calibrationOf(week1)).toEqual({ count: 1, predictedUsdPerMonth: 221.39, realisedUsdPerMonth: 221.39 });
  });

  it('two changes at once are not counted twice: together they save what the bills differ by', () => {
    const both = {
      size: { cpu: 1024, memoryMiB: 2048 },
      sizeSince: monday + weeks * 7 * 86_400,
      architecture: 'arm64' as const,
    };
    const ledger = merge(merge([], first), weeksLater(1, both));
    const realised = ledger.map(({ realisedUsdPerMonth }) => realisedUsdPerMonth ?? 0);
    // From 442.78 to 442.78 / 2 × 0.8001: 265.65, in the plan's words 221.39 for the size and 44.26 for ARM.
    expect(realised.slice(0, 2)).toEqual([221.39, 44.26]);
  });

  it('a lower minimum is billed again with the minimum of before', () => {
    const lower = weeksOf(weeks, (h) => (h < 120 && h % 24 >= 8 && h % 24 < 20 ? 10 : 2));
    const usage = weeksLater(1, { hourly: { ...workedService(weeks).hourly, tasks: lower, min: lower } });
    const entry = merge(merge([], first), usage).find(({ id }) => id === 'schedule:convert');
    expect(entry?.state).toBe('measured');
    // The mean minimum was (60 × 10 + 108 × 4) / 168 = 6.14: 108 hours at 6.14 instead of 2, none of 60 above 10.
    const hours = 108 * (6.142857 - 2);
    expect(entry?.realisedUsdPerMonth).toBeCloseTo((hours * 0.09874 * 730) / 168, 1);
  });

  it('open advice that is no longer given expires after four weeks; accepted advice waits', () => {
    const arm = { architecture: 'arm64' as const, size: { cpu: 256, memoryMiB: 512 }, interruptible: false };
    const stored = merge([], first).map(
      (entry): LedgerEntry => (entry.id === 'spot:convert' ? { ...entry, state: 'accepted' } : entry),
    );
    const later = merge(stored, weeksLater(5, arm));
    expect(later.find(({ id }) => id === 'size:convert')?.state).toBe('expired');
    expect(later.find(({ id }) => id === 'spot:convert')?.state).toBe('accepted');
    expect(later.find(({ id }) => id === 'arm:convert')?.appliedAt).toBeDefined();
  });
});

describe('a stored ledger', () => {
  it('is read back as it was written', () => {
    const ledger = merge([], first);
    expect(readLedger(JSON.parse(JSON.stringify({ version: 1, entries: ledger })), 'f')).toEqual(ledger);
  });

  it.each([[null], [{}], [{ entries: [{ id: 'x', state: 'new' }] }], [{ entries: [null] }]])('refuses %j', (stored) => {
    expect(() => readLedger(stored, 'ledger.json')).toThrow(BadInput);
  });
});

describe('advice that lies over a config', () => {
  const at = monday + weeks * 7 * 86_400;
  const mark = { advice: 'schedule:convert', at, by: 'report', fields: 'x' } as const;
  const values = { from: 8, until: 18, business: 1, offHours: 0, rest: 0, timeZone: 'UTC' } as const;

  it('is applied since then whatever the usage shows, and measured a week later', () => {
    const marked = markApplied(merge([], first), { convert: { schedule: { ...mark, ...values } } }, at);
    expect(marked.find(({ id }) => id === mark.advice)).toMatchObject({
      state: 'applied',
      appliedAt: at,
      appliedBy: 'report',
    });
    const later = merge(marked, weeksLater(1));
    expect(later.find(({ id }) => id === mark.advice)).toMatchObject({ state: 'measured', measuredHours: 168 });
  });

  it('is undone when it is taken back, no longer measured, and opened again after eight weeks', () => {
    const marked = markApplied(merge([], first), { convert: { schedule: { ...mark, ...values } } }, at);
    const week = 7 * 86_400;
    const undone = markApplied(merge(marked, weeksLater(1)), { convert: {} }, at + week);
    expect(undone.find(({ id }) => id === mark.advice)).toMatchObject({ state: 'undone', undoneAt: at + week });
    const next = merge(undone, weeksLater(2)).find(({ id }) => id === mark.advice);
    expect(next).toMatchObject({ state: 'undone', measuredHours: 168 });
    expect(merge(undone, weeksLater(10)).find(({ id }) => id === mark.advice)).toMatchObject({ state: 'open' });
  });
});
