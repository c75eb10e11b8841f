import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ScheduleWindow, Weekday } from '../../lib/model/plan.ts';
import { windowsThatNeverWin } from '../../lib/schedule/coverage.ts';
import { dateOf, dayNumber } from '../../lib/schedule/local-day.ts';
import { oracle } from './wall-clock-oracle.ts';

const calendar = { timeZone: 'UTC', holidays: ['2026-12-24', '2026-12-26'] };
const w = (name: string, fields: Partial<ScheduleWindow> = {}): ScheduleWindow => ({ name, days: 'every', ...fields });

it.each<readonly [string, readonly ScheduleWindow[], object[]]>([
  ['one window', [w('a')], []],
  [
    'the same days and less time',
    [w('a', { days: 'weekdays' }), w('b', { days: 'weekdays', fromMinute: 60, toMinute: 120 })],
    [{ index: 1, coveredBy: [0] }],
  ],
  ['one minute more', [w('a', { fromMinute: 60, toMinute: 120 }), w('b', { fromMinute: 60, toMinute: 121 })], []],
  [
    'two halves of a day',
    [w('a', { fromMinute: 0, toMinute: 720 }), w('b', { fromMinute: 720, toMinute: 1440 }), w('c')],
    [{ index: 2, coveredBy: [0, 1] }],
  ],
  [
    'weekdays and weekends leave nothing',
    [w('a', { days: 'weekdays' }), w('b', { days: 'weekends' }), w('c', { days: ['thu'] })],
    [{ index: 2, coveredBy: [0, 1] }],
  ],
  ['a Thursday wins on the holiday that is one', [w('a', { days: 'weekdays' }), w('c', { days: ['thu'] })], []],
  [
    'no Wednesday is a holiday here',
    [w('a', { days: 'weekdays' }), w('c', { days: ['wed'] })],
    [{ index: 1, coveredBy: [0] }],
  ],
  [
    'holidays below weekends',
    [w('a', { days: 'weekends' }), w('b', { days: 'holidays' })],
    [{ index: 1, coveredBy: [0] }],
  ],
  [
    'the morning of a night from a covered day',
    [w('a', { days: ['fri'] }), w('b', { days: ['fri'], fromMinute: 1200, toMinute: 60 })],
    [],
  ],
  [
    'the morning after a date',
    [w('a', { days: ['fri'] }), w('b', { dates: ['2026-11-27'], fromMinute: 1200, toMinute: 60 })],
    [],
  ],
  [
    'a date on a covered weekday',
    [w('a', { days: 'weekdays' }), w('b', { dates: ['2026-11-27'] })],
    [{ index: 1, coveredBy: [0] }],
  ],
  ['a date above its weekday', [w('b', { dates: ['2026-11-27'] }), w('a', { days: 'weekdays' })], []],
])('%s', (_name, schedule, dead) => {
  expect(windowsThatNeverWin(schedule, calendar)).toEqual(dead);
});

it('says of holidays without a calendar that no day fits', () => {
  expect(windowsThatNeverWin([w('a', { days: 'holidays' })], { timeZone: 'UTC', holidays: [] })).toEqual([
    { index: 0, coveredBy: [] },
  ]);
});

it('agrees with trying every half hour of the weeks around the dates', () => {
  const weekday = fc.constantFrom<Weekday>('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun');
  const days = fc.oneof(
    fc.constantFrom('weekdays' as const, 'weekends' as const, 'holidays' as const, 'every' as const),
    fc.uniqueArray(weekday, { minLength: 1 }),
  );
  const minute = fc.integer({ min: 0, max: 47 }).map((n) => n * 30);
  const times = fc.tuple(minute, minute).filter(([a, b]) => a !== b);
  const dates = fc.option(fc.constantFrom(['2026-12-24'], ['2026-12-21', '2026-12-25']), { nil: undefined, freq: 4 });
  fc.assert(
    fc.property(fc.array(fc.tuple(days, times, dates), { minLength: 1, maxLength: 5 }), (rows) => {
      const schedule = rows.map(([day, [fromMinute, toMinute], on], i) =>
        w(String(i), { days: day, fromMinute, toMinute, ...(on && { dates: on }) }),
      );
      const winnerAt = oracle('UTC', calendar.holidays, schedule);
      const winners = new Set<string | undefined>();
      const first = dayNumber('2026-12-07');
      for (let half = 0; half < 35 * 48; half += 1)
        winners.add(winnerAt(Date.parse(dateOf(first)) / 1000 + half * 1800));
      const dead = schedule.flatMap(({ name }, index) => (winners.has(name) ? [] : [index]));
      expect(windowsThatNeverWin(schedule, calendar).map(({ index }) => index)).toEqual(dead);
    }),
    { numRuns: 30, seed: 42 },
  );
});
