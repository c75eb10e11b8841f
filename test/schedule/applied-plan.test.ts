import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AppliedBounds, AppliedEntry, AppliedSchedule } from '../../lib/model/applied.ts';
import { appliedText, parseApplied } from '../../lib/model/applied.ts';
import type { ServicePlan } from '../../lib/model/plan.ts';
import { appliedPlan } from '../../lib/schedule/applied-plan.ts';
import { configuredMark } from '../../lib/schedule/configured-mark.ts';
import { settingsAt } from '../../lib/schedule/settings-at.ts';
import { transitions } from '../../lib/schedule/transitions.ts';
import { epoch, planWith } from './plan-for-test.ts';

/**
 * Goal: what is applied lies over the config and never outside the limits that the config sets; the config wins.
 * Method: tables of instants, and laws over made-up bounds, windows and entries.
 */
const at = epoch('2026-11-16T00:00:00Z');
const apply = { schedule: true, minMax: true, downTo: 0 };
const plan = planWith({
  tasks: { min: 5, max: 20 },
  calendar: { timeZone: 'Europe/Copenhagen', holidays: ['2026-12-24'] },
  apply,
});
const quiet = (over: ServicePlan, change: Partial<AppliedSchedule> = {}): AppliedEntry => ({
  schedule: {
    advice: 'schedule:convert',
    at,
    by: 'report',
    byItself: true,
    fields: configuredMark(over, 'schedule'),
    timeZone: 'Europe/Copenhagen',
    from: 8,
    until: 18,
    business: 3,
    offHours: 1,
    rest: 0,
    ...change,
  },
});
const bounds = (over: ServicePlan, values: Pick<AppliedBounds, 'min' | 'max'>): AppliedEntry => ({
  minMax: {
    advice: 'minMax:convert',
    at,
    by: 'report',
    byItself: true,
    fields: configuredMark(over, 'minMax'),
    ...values,
  },
});
const tasksAt = (over: ServicePlan, entry: AppliedEntry | undefined, iso: string) =>
  settingsAt(appliedPlan(over, entry), epoch(iso)).tasks;

describe('lower minimums', () => {
  it.each([
    ['a working day, a minute before', '2026-11-23T06:59:00Z', 1],
    ['from 08:00 local time', '2026-11-23T07:00:00Z', 3],
    ['until 18:00', '2026-11-23T16:59:00Z', 3],
    ['then not', '2026-11-23T17:00:00Z', 1],
    ['a Saturday', '2026-11-28T10:00:00Z', 0],
    ['a holiday', '2026-12-24T10:00:00Z', 0],
    ['in summer time', '2026-06-15T06:00:00Z', 3],
  ])('%s', (_, iso, min) => {
    expect(tasksAt(plan, quiet(plan), iso)).toEqual({ min, max: 20 });
    expect(settingsAt(appliedPlan(plan, quiet(plan)), epoch(iso)).tasksConfigured).toEqual(plan.tasks);
  });

  it('never raise a floor, and leave an exact count alone', () => {
    const windowed = planWith({
      ...plan,
      schedule: [
        { name: 'fixed', days: ['mon'], tasks: { exact: 4 } },
        { name: 'low', days: ['tue'], tasks: { min: 0 } },
        { name: 'high', days: ['wed'], tasks: { min: 10 } },
      ],
    });
    const entry = quiet(windowed);
    expect(tasksAt(windowed, entry, '2026-11-23T10:00:00Z')).toEqual({ min: 4, max: 4 });
    expect(tasksAt(windowed, entry, '2026-11-24T10:00:00Z')).toEqual({ min: 0, max: 20 });
    expect(tasksAt(windowed, entry, '2026-11-25T10:00:00Z')).toEqual({ min: 3, max: 20 });
  });

  it('of one count for all hours lower windows too, and public holidays may have their own', () => {
    const windowed = planWith({ ...plan, schedule: [{ name: 'high', days: ['wed'], tasks: { min: 10 } }] });
    expect(tasksAt(windowed, bounds(windowed, { min: 2 }), '2026-11-25T10:00:00Z')).toEqual({ min: 2, max: 20 });
    expect(tasksAt(windowed, bounds(windowed, { max: 8 }), '2026-11-25T10:00:00Z')).toEqual({ min: 10, max: 10 });
    expect(tasksAt(plan, quiet(plan, { holiday: 2 }), '2026-12-24T10:00:00Z').min).toBe(2);
  });

  it('are prepared for like a window: the higher floor to come is announced', () => {
    const settings = settingsAt(appliedPlan(plan, quiet(plan)), epoch('2026-11-23T06:50:00Z'));
    expect(settings.coming).toMatchObject([{ at: epoch('2026-11-23T07:00:00Z'), min: 3, window: 'applied minimums' }]);
  });

  it('stand in the preview, beside what the config says', () => {
    const rows = transitions(appliedPlan(plan, quiet(plan)), epoch('2026-11-23T00:00:00Z'), 1);
    expect(rows.map(({ at: when, tasks }) => [when, tasks.min])).toEqual([
      ['2026-11-23T00:00:00Z', 1],
      ['2026-11-23T07:00:00Z', 3],
      ['2026-11-23T17:00:00Z', 1],
    ]);
    expect(rows[0]?.applied).toEqual({ configured: { min: 5, max: 20 } });
  });
});

describe('the config wins', () => {
  const noon = '2026-11-23T11:00:00Z';
  it.each<[string, Partial<ServicePlan>]>([
    ['other bounds', { tasks: { min: 5, max: 21 } }],
    ['a new window', { schedule: [{ name: 'x', days: 'every', tasks: { min: 5 } }] }],
    ['the opt-in is gone', { apply: { ...apply, schedule: false } }],
  ])('%s', (_, change) => {
    const changed = { ...plan, ...change };
    expect(tasksAt(changed, quiet(plan), noon).min).toBe(5);
    expect(appliedPlan(changed, quiet(plan))).toBe(changed);
  });

  it('what it is not about does not matter', () => {
    const changed: ServicePlan = { ...plan, priority: 'high', policy: { type: 'backlogPerTask', target: 3 } };
    expect(tasksAt(changed, quiet(plan), noon).min).toBe(3);
  });

  it('a person needs no opt-in', () => {
    const { apply: _, ...closed } = plan;
    const { schedule } = quiet(closed);
    const { byItself: __, ...byHand } = schedule as AppliedSchedule;
    expect(tasksAt(closed, { schedule: { ...byHand, by: 'ann' } }, noon).min).toBe(3);
    expect(tasksAt(closed, quiet(closed), noon).min).toBe(5);
  });

  it('nobody knows what was applied: nothing is', () => {
    expect(appliedPlan(plan, 'unknown')).toBe(plan);
    expect(appliedPlan(plan, undefined)).toBe(plan);
  });

  it('the same entry over the same plan is the same object: schedules are compiled once', () => {
    const entry = quiet(plan);
    expect(appliedPlan(plan, entry)).toBe(appliedPlan(plan, entry));
  });
});

const count = fc.integer({ min: 0, max: 40 });
const someBounds = fc.tuple(count, count).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));

describe('laws', () => {
  it('bounds stay in order, no maximum rises, and no minimum that the report set by itself falls below downTo', () => {
    fc.assert(
      fc.property(
        someBounds,
        fc.record({ min: fc.option(count, { nil: undefined }), max: fc.option(count, { nil: undefined }) }),
        fc.tuple(count, count, count),
        count,
        fc.integer({ min: 0, max: 167 }),
        fc.boolean(),
        (tasks, given, [business, offHours, rest], lowest, hour, byItself) => {
          const downTo = Math.min(tasks.min, lowest);
          const over = planWith({ tasks, apply: { ...apply, downTo } });
          const values = {
            ...(given.min !== undefined && { min: given.min }),
            ...(given.max !== undefined && { max: given.max }),
          };
          const entry = { ...quiet(over, { business, offHours, rest }), ...bounds(over, values) };
          const mine: AppliedEntry = byItself
            ? entry
            : (JSON.parse(appliedText(entry).replaceAll(',"byItself":true', '')) as AppliedEntry);
          const made = settingsAt(appliedPlan(over, mine), epoch('2026-11-23T00:00:00Z') + hour * 3600).tasks;
          expect(made.min).toBeLessThanOrEqual(made.max);
          expect(made.max).toBeLessThanOrEqual(tasks.max);
          if (byItself) expect(made.min).toBeGreaterThanOrEqual(Math.min(downTo, made.max));
        },
      ),
    );
  });

  it('an entry is read back whole, and what is no entry is unknown', () => {
    const entry = { ...quiet(plan), ...bounds(plan, { max: 9 }), barred: [{ advice: 'a', until: 5, because: 'b' }] };
    expect(parseApplied(appliedText(entry))).toEqual(entry);
    const broken = [
      '',
      '5',
      '[]',
      '{"schedule":{}}',
      '{"minMax":{"advice":"a","by":"b","fields":"c","at":1,"max":"9"}}',
    ];
    for (const text of broken) expect(parseApplied(text)).toBe('unknown');
    fc.assert(fc.property(fc.string(), (text) => void parseApplied(text)));
  });
});
