import type { ScheduleWindow } from '../../lib/model/plan.ts';

/**
 * An independent reading of the rules: it asks Intl what the clock on the wall shows, knows days only as date strings
 * and shares no code with lib/schedule. Slow, and meant to be.
 */
export const oracle = (timeZone: string, holidays: readonly string[], schedule: readonly ScheduleWindow[]) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const onDay = (window: ScheduleWindow, date: string, weekday: string): boolean => {
    if (window.dates) return window.dates.includes(date);
    const weekend = weekday === 'sat' || weekday === 'sun';
    const holiday = holidays.includes(date);
    if (window.days === 'every') return true;
    if (window.days === 'holidays') return holiday;
    if (window.days === 'weekends') return weekend || holiday;
    if (window.days === 'weekdays') return !weekend && !holiday;
    return window.days.some((day) => day === weekday);
  };
  return (epochSeconds: number): string | undefined => {
    const part = Object.fromEntries(format.formatToParts(epochSeconds * 1000).map(({ type, value }) => [type, value]));
    const date = `${part.year}-${part.month}-${part.day}`;
    const weekday = (part.weekday ?? '').toLowerCase();
    const minute = Number(part.hour) * 60 + Number(part.minute);
    const noonBefore = new Date(Date.parse(`${date}T12:00:00Z`) - 86_400_000);
    const dateBefore = noonBefore.toISOString().slice(0, 10);
    const weekdayBefore = noonBefore.toUTCString().slice(0, 3).toLowerCase();
    return schedule.find((window) => {
      const from = window.fromMinute ?? 0;
      const to = window.toMinute ?? 1440;
      if (from < to) return minute >= from && minute < to && onDay(window, date, weekday);
      return (
        (minute >= from && onDay(window, date, weekday)) || (minute < to && onDay(window, dateBefore, weekdayBefore))
      );
    })?.name;
  };
};

/** Midnights UTC from which 48 hours hold a day whose clocks change: found by comparing what Intl shows, not by our code. */
export const daysAroundClockChanges = (timeZone: string, firstYear: number, lastYear: number): readonly number[] => {
  const hour = new Intl.DateTimeFormat('en-US', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const found: number[] = [];
  const end = Date.UTC(lastYear + 1, 0, 1) / 1000;
  for (let at = Date.UTC(firstYear, 0, 1) / 1000; at < end; at += 86_400)
    if (hour.format(at * 1000) !== hour.format((at + 86_400) * 1000)) found.push(at);
  return found;
};
