import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScheduleWindow, Weekday } from '../../lib/model/plan.ts';
import { settingsAt } from '../../lib/schedule/settings-at.ts';
import { epoch, planWith } from './plan-for-test.ts';
import { daysAroundClockChanges, oracle } from './wall-clock-oracle.ts';

const zones = [
  ['Europe/Copenhagen', 6],
  ['America/New_York', 6],
  ['Australia/Lord_Howe', 6],
  ['Asia/Kathmandu', 0],
  ['Pacific/Apia', 0],
] as const;

/** Edges inside, at and across the hours in which clocks change. */
const schedule: readonly ScheduleWindow[] = [
  { name: 'launch', days: 'every', dates: ['2026-03-29', '2027-11-07', '2028-04-02'], fromMinute: 150, toMinute: 165 },
  { name: 'holiday night', days: 'holidays', fromMinute: 1380, toMinute: 95 },
  { name: 'gap', days: ['sun'], fromMinute: 125, toMinute: 179 },
  { name: 'sunday night', days: ['sat', 'sun'], fromMinute: 1410, toMinute: 61 },
  { name: 'business', days: 'weekdays', fromMinute: 480, toMinute: 1080 },
  { name: 'weekend', days: 'weekends', fromMinute: 30, toMinute: 1380 },
];
const holidays = ['2026-03-28', '2026-10-25', '2026-12-25', '2027-03-14', '2028-04-02', '2028-11-05'];

describe.each(zones)('%s, 2026 to 2028', (timeZone, clockChanges) => {
  const plan = planWith({ calendar: { timeZone, holidays }, schedule });
  const expected = oracle(timeZone, holidays, schedule);

  it('follows the wall clock at every minute around each clock change', () => {
    const days = daysAroundClockChanges(timeZone, 2026, 2028);
    expect(days).toHaveLength(clockChanges);
    const wrong: string[] = [];
    for (const day of days)
      for (let at = day - 86_400; at < day + 2 * 86_400; at += 60)
        if (settingsAt(plan, at).window !== expected(at)) wrong.push(new Date(at * 1000).toISOString());
    expect(wrong).toEqual([]);
  });

  it('follows the wall clock at any minute', () => {
    const from = epoch('2026-01-01T00:00:00Z');
    const to = epoch('2029-01-01T00:00:00Z');
    fc.assert(
      fc.property(fc.integer({ min: from, max: to }), (at) => settingsAt(plan, at).window === expected(at)),
      { numRuns: 2000, seed: 42 },
    );
  });
});

it('agrees with the oracle on any schedule', () => {
  const weekday = fc.constantFrom<Weekday>('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun');
  const days = fc.oneof(
    fc.constantFrom('weekdays' as const, 'weekends' as const, 'holidays' as const, 'every' as const),
    fc.uniqueArray(weekday, { minLength: 1 }),
  );
  const times = fc
    .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
    .filter(([from, to]) => from !== to);
  const windows = fc.array(fc.tuple(days, times), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(windows, fc.constantFrom(...zones), fc.nat({ max: 1000 * 86_400 }), (rows, [timeZone], offset) => {
      const random = rows.map(([day, [fromMinute, toMinute]], i) => ({
        name: `w${i}`,
        days: day,
        fromMinute,
        toMinute,
      }));
      const at = epoch('2026-03-01T00:00:00Z') + offset;
      const plan = planWith({ calendar: { timeZone, holidays }, schedule: random });
      return settingsAt(plan, at).window === oracle(timeZone, holidays, random)(at);
    }),
    { numRuns: 500, seed: 42 },
  );
});

describe('the reference schedule', () => {
  const plan = planWith({
    calendar: { timeZone: 'Europe/Copenhagen', holidays: ['2026-12-24', '2026-12-25'] },
    schedule: [
      {
        name: 'business',
        days: 'weekdays',
        fromMinute: 480,
        toMinute: 1080,
        tasks: { min: 5, max: 5 },
        size: { cpu: 1024, memoryMiB: 2048 },
      },
      { name: 'weekend', days: 'weekends', tasks: { exact: 1 }, size: { cpu: 256, memoryMiB: 512 } },
      { name: 'off hours', days: 'every', tasks: { min: 2, max: 2 }, size: { cpu: 512, memoryMiB: 1024 } },
    ],
  });

  it.each([
    ['Friday, last second of business', '2026-11-20T16:59:59Z', 'business', 5, 1024],
    ['Friday 18:00, the end is exclusive', '2026-11-20T17:00:00Z', 'off hours', 2, 512],
    ['Friday 23:59:59', '2026-11-20T22:59:59Z', 'off hours', 2, 512],
    ['Saturday 00:00', '2026-11-20T23:00:00Z', 'weekend', 1, 256],
    ['Sunday 23:59:59', '2026-11-22T22:59:59Z', 'weekend', 1, 256],
    ['Monday 00:00', '2026-11-22T23:00:00Z', 'off hours', 2, 512],
    ['Monday 08:00, winter', '2026-11-23T07:00:00Z', 'business', 5, 1024],
    ['Monday 08:00, summer', '2026-06-22T06:00:00Z', 'business', 5, 1024],
    ['Monday 07:59:59, summer', '2026-06-22T05:59:59Z', 'off hours', 2, 512],
    ['a Thursday that is a holiday counts as weekend', '2026-12-24T10:00:00Z', 'weekend', 1, 256],
  ])('%s', (_name, at, window, tasks, cpu) => {
    const settings = settingsAt(plan, epoch(at));
    expect([settings.window, settings.tasks, settings.size.cpu]).toEqual([window, { min: tasks, max: tasks }, cpu]);
  });

  it('tells of the floor and size that come within 15 minutes, and no earlier', () => {
    const eight = epoch('2026-11-23T07:00:00Z');
    const business = { at: eight, min: 5, window: 'business', size: { cpu: 1024, memoryMiB: 2048 } };
    expect(settingsAt(plan, eight - 15 * 60 - 1).coming).toBeUndefined();
    expect(settingsAt(plan, eight - 15 * 60).coming).toEqual([business]);
    expect(settingsAt(plan, eight - 1).coming).toEqual([business]);
    expect(settingsAt(plan, eight).coming).toBeUndefined();
  });

  it('tells of another size too, and of nothing else that comes', () => {
    const six = epoch('2026-11-20T17:00:00Z');
    const offHours = { at: six, min: 2, window: 'off hours', size: { cpu: 512, memoryMiB: 1024 } };
    expect(settingsAt(plan, six - 300).coming).toEqual([offHours]);
    const plain = { ...plan, schedule: plan.schedule.map(({ size: _, ...window }) => window) };
    expect(settingsAt(plain, six - 300).coming).toBeUndefined();
  });
});

describe('days', () => {
  const night = { name: 'night', days: 'weekdays', fromMinute: 1320, toMinute: 360 } as const;
  it.each([
    ['a night belongs to the day it starts on: Saturday 05:59 is still Friday', '2026-11-21T05:59:00Z', 'night'],
    ['and ends there', '2026-11-21T06:00:00Z', undefined],
    ['Saturday evening is no weekday', '2026-11-21T23:00:00Z', undefined],
    ['Monday 05:00 belongs to Sunday', '2026-11-23T05:00:00Z', undefined],
    ['the night that starts on a holiday is no weekday night', '2026-12-25T03:00:00Z', undefined],
    ['the night before a holiday is one', '2026-12-24T03:00:00Z', 'night'],
  ])('%s', (_name, at, window) => {
    const plan = planWith({ calendar: { timeZone: 'UTC', holidays: ['2026-12-24'] }, schedule: [night] });
    expect(settingsAt(plan, epoch(at)).window).toBe(window);
  });

  it('lets an earlier window for holidays win over weekends, and a day list go by the weekday', () => {
    const calendar = { timeZone: 'UTC', holidays: ['2026-12-24'] };
    const weekends = { name: 'weekend', days: 'weekends' } as const;
    const at = epoch('2026-12-24T12:00:00Z');
    const windowOf = (schedule: readonly ScheduleWindow[]) => settingsAt(planWith({ calendar, schedule }), at).window;
    expect(windowOf([{ name: 'holiday', days: 'holidays' }, weekends])).toBe('holiday');
    expect(windowOf([weekends, { name: 'holiday', days: 'holidays' }])).toBe('weekend');
    expect(windowOf([{ name: 'thursday', days: ['thu'] }, weekends])).toBe('thursday');
  });

  it('keeps one-off dates to their date, over midnight too', () => {
    const plan = planWith({
      schedule: [{ name: 'sale', days: 'every', dates: ['2026-11-27'], fromMinute: 1200, toMinute: 120 }],
    });
    const windows = ['2026-11-27T01:00:00Z', '2026-11-27T20:00:00Z', '2026-11-28T01:59:00Z', '2026-11-28T20:00:00Z'];
    expect(windows.map((at) => settingsAt(plan, epoch(at)).window)).toEqual([undefined, 'sale', 'sale', undefined]);
  });
});

describe('what a window sets', () => {
  it.each([
    ['both', { min: 3, max: 7 }, { min: 3, max: 7 }],
    ['exact', { exact: 4 }, { min: 4, max: 4 }],
    ['a floor only', { min: 5 }, { min: 5, max: 10 }],
    ['a floor above the service max raises it', { min: 20 }, { min: 20, max: 20 }],
    ['a ceiling only', { max: 6 }, { min: 2, max: 6 }],
    ['a ceiling below the service min lowers it', { max: 1 }, { min: 1, max: 1 }],
  ])('%s', (_name, tasks, bounds) => {
    const plan = planWith({ tasks: { min: 2, max: 10 }, schedule: [{ name: 'w', days: 'every', tasks }] });
    expect(settingsAt(plan, 0).tasks).toEqual(bounds);
  });

  it('takes policy and pacing from the window, and the plan outside', () => {
    const policy = { type: 'backlogPerTask', target: 5 } as const;
    const behavior = planWith().behavior;
    const schedule = [{ name: 'w', days: 'every', fromMinute: 0, toMinute: 60, policy, behavior }] as const;
    const plan = planWith({ schedule, behavior: { ...behavior } });
    expect(settingsAt(plan, 0).policy).toBe(policy);
    expect(settingsAt(plan, 0).behavior).toBe(behavior);
    expect(settingsAt(plan, 3600).policy).toEqual({ type: 'slo' });
    expect(settingsAt(plan, 3600)).not.toHaveProperty('schedule');
  });
});
