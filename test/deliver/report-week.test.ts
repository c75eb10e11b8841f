import { expect, test } from 'vitest';
import { reportWeekAt } from '../../lib/deliver/report-week.ts';

const at = (text: string): number => Date.parse(text) / 1000;

test.each([
  [
    'a Monday morning tells the week before',
    '2026-11-23T06:00:00Z',
    'Europe/Copenhagen',
    '2026-W47',
    '2026-11-22T23:00Z',
  ],
  [
    'a retry on the same day tells it again',
    '2026-11-23T21:00:00Z',
    'Europe/Copenhagen',
    '2026-W47',
    '2026-11-22T23:00Z',
  ],
  ['three days later it still has that name', '2026-11-25T12:00:00Z', 'UTC', '2026-W47', '2026-11-25T00:00Z'],
  ['a Friday afternoon tells the days up to then', '2026-11-27T15:00:00Z', 'UTC', '2026-W48', '2026-11-27T00:00Z'],
  [
    'late in the evening of UTC it is Monday in Sydney',
    '2026-11-22T20:00:00Z',
    'Australia/Sydney',
    '2026-W47',
    '2026-11-22T13:00Z',
  ],
  ['the year of the week, not of the day', '2027-01-04T07:00:00Z', 'UTC', '2026-W53', '2027-01-04T00:00Z'],
  ['half hours end at the full hour before', '2026-11-23T02:00:00Z', 'Asia/Kolkata', '2026-W47', '2026-11-22T18:00Z'],
  ['the week in which clocks go forward', '2026-03-30T05:00:00Z', 'Europe/Copenhagen', '2026-W13', '2026-03-29T22:00Z'],
])('%s', (_, asked, timeZone, name, to) => {
  expect(reportWeekAt(at(asked), timeZone)).toEqual({ name, to: at(to) });
});
