import type { Calendar, ScheduleWindow } from '../model/plan.ts';
import { type DayNumber, dayNumber, minutesPerDay, weekdayOf } from './local-day.ts';
import { type DayKind, fits, type Matcher, matcherOf, winningWindow } from './winning-window.ts';

/** A window that can never win. `coveredBy`: indices of the earlier windows that take all its instants; empty when no day fits it at all. */
export interface NeverWins {
  readonly index: number;
  readonly coveredBy: readonly number[];
}

/**
 * Exact: goes through every kind of day (weekday, holiday or not, the same for the day before, and each date that a
 * window or the calendar names) and every stretch of minutes between two window edges.
 */
export const windowsThatNeverWin = (schedule: readonly ScheduleWindow[], calendar: Calendar): readonly NeverWins[] => {
  const matchers = schedule.map(matcherOf);
  const minutes = edgesOf(matchers);
  const rivals = schedule.map(() => new Set<number>());
  for (const [today, yesterday] of dayPairs(schedule, calendar)) {
    for (const minute of minutes) {
      const winner = winningWindow(matchers, today, yesterday, minute);
      matchers.forEach((matcher, index) => {
        if (fits(matcher, today, yesterday, minute)) rivals[index]?.add(winner);
      });
    }
  }
  return rivals.flatMap((winners, index) =>
    winners.has(index) ? [] : [{ index, coveredBy: [...winners].sort((a, b) => a - b) }],
  );
};

/** Between two neighbouring edges nothing changes: one minute stands for the stretch. */
const edgesOf = (matchers: readonly Matcher[]): readonly number[] => [
  ...new Set([0, ...matchers.flatMap(({ fromMinute, toMinute }) => [fromMinute, toMinute % minutesPerDay])]),
];

const dayPairs = (
  schedule: readonly ScheduleWindow[],
  calendar: Calendar,
): readonly (readonly [today: DayKind, yesterday: DayKind])[] => {
  const holidays = new Set(calendar.holidays.map(dayNumber));
  const dates = new Set(schedule.flatMap((window) => window.dates ?? []).map(dayNumber));
  const pairs = new Map<string, readonly [DayKind, DayKind]>();
  for (let weekday = 0; weekday < 7; weekday += 1) {
    pairs.set(`ordinary ${weekday}`, [
      { weekday, holiday: false },
      { weekday: (weekday + 6) % 7, holiday: false },
    ]);
  }
  const named = (day: DayNumber): DayKind => ({ weekday: weekdayOf(day), holiday: holidays.has(day), day });
  for (const first of [...holidays, ...dates]) {
    for (const day of [first, first + 1])
      pairs.set(keyOf(named(day), named(day - 1), dates), [named(day), named(day - 1)]);
  }
  return [...pairs.values()];
};

/** Two pairs with one key cannot be told apart by any window: 20 years of holidays come down to some dozens. */
const keyOf = (today: DayKind, yesterday: DayKind, dates: ReadonlySet<DayNumber>): string =>
  [today, yesterday]
    .map(({ weekday, holiday, day }) => `${weekday}${holiday}${day !== undefined && dates.has(day) ? day : ''}`)
    .join(' ');
