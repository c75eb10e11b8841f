import type { DaySelector, ScheduleWindow, Weekday } from '../model/plan.ts';
import { type DayNumber, dayNumber, minutesPerDay } from './local-day.ts';

/** What the rules look at in a day. `day` is absent for "any ordinary day of this kind". */
export interface DayKind {
  readonly weekday: number;
  readonly holiday: boolean;
  readonly day?: DayNumber;
}

/** A window made ready for matching. */
export interface Matcher {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly fitsDay: (kind: DayKind) => boolean;
}

export const noWindow = -1;

/**
 * The index of the first window that fits a local wall-clock minute, or `noWindow`.
 * What runs over midnight belongs to the day on which it starts, so yesterday's kind is asked as well.
 */
export const winningWindow = (
  matchers: readonly Matcher[],
  today: DayKind,
  yesterday: DayKind,
  minute: number,
): number => matchers.findIndex((matcher) => fits(matcher, today, yesterday, minute));

export const fits = (matcher: Matcher, today: DayKind, yesterday: DayKind, minute: number): boolean => {
  const { fromMinute, toMinute, fitsDay } = matcher;
  if (fromMinute < toMinute) return minute >= fromMinute && minute < toMinute && fitsDay(today);
  return (minute >= fromMinute && fitsDay(today)) || (minute < toMinute && fitsDay(yesterday));
};

export const matcherOf = (window: ScheduleWindow): Matcher => ({
  fromMinute: window.fromMinute ?? 0,
  toMinute: window.toMinute ?? minutesPerDay,
  fitsDay: window.dates ? fitsDates(window.dates) : fitsDays(window.days),
});

const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const saturday = 5;

const fitsDates = (dates: readonly string[]): Matcher['fitsDay'] => {
  const days = new Set(dates.map(dayNumber));
  return ({ day }) => day !== undefined && days.has(day);
};

const fitsDays = (days: DaySelector): Matcher['fitsDay'] => {
  if (days === 'every') return () => true;
  if (days === 'holidays') return ({ holiday }) => holiday;
  if (days === 'weekdays') return ({ weekday, holiday }) => weekday < saturday && !holiday;
  if (days === 'weekends') return ({ weekday, holiday }) => weekday >= saturday || holiday;
  const listed = new Set(days.map((name) => weekdays.indexOf(name)));
  return ({ weekday }) => listed.has(weekday);
};
