import type { AppliedSchedule, AppliedSize } from '../model/applied.ts';
import type { Calendar, ScheduleWindow, ServicePlan, TaskBounds } from '../model/plan.ts';
import type { EpochSeconds } from '../model/units.ts';
import { dayNumber, weekdayOf } from './local-day.ts';
import { localSeconds } from './zone-clock.ts';

/** The lowest minimum that applied advice gives an instant. Undefined: it gives none. */
export const appliedMinimumAt = ({ applied, calendar }: ServicePlan, at: EpochSeconds): number | undefined => {
  const { schedule, minMax } = applied ?? {};
  const quiet = schedule && quietMinimumAt(schedule, calendar, at);
  return quiet === undefined || minMax?.min === undefined ? (quiet ?? minMax?.min) : Math.min(quiet, minMax.min);
};

/** Holidays are those of the service's calendar. */
const quietMinimumAt = (schedule: AppliedSchedule, calendar: Calendar, at: EpochSeconds): number => {
  const { from, until, business, offHours, rest, holiday = rest, timeZone } = schedule;
  const { day, hour } = localHour(timeZone, at);
  if (isHoliday(calendar, day)) return holiday;
  if (weekdayOf(day) >= saturday) return rest;
  return hour >= from && hour < until ? business : offHours;
};

/** Bounds with a lower floor: applied minimums never raise one, and an exact count is somebody's word. */
export const lowered = (
  bounds: TaskBounds,
  window: ScheduleWindow | undefined,
  minimum: number | undefined,
): TaskBounds =>
  minimum === undefined || window?.tasks?.exact !== undefined || minimum >= bounds.min
    ? bounds
    : { ...bounds, min: minimum };

/** Whether tasks may be replaced for a new size now. */
export const isQuietHour = ({ quietHours, timeZone }: AppliedSize, at: EpochSeconds): boolean => {
  const { day, hour } = localHour(timeZone, at);
  return quietHours.includes(weekdayOf(day) * 24 + hour);
};

const saturday = 5;

const localHour = (timeZone: string, at: EpochSeconds): { readonly day: number; readonly hour: number } => {
  const hours = Math.floor(localSeconds(timeZone, at) / 3600);
  const day = Math.floor(hours / 24);
  return { day, hour: hours - day * 24 };
};

const isHoliday = (calendar: Calendar, day: number): boolean => {
  const known = holidayDays.get(calendar);
  const days = known ?? new Set(calendar.holidays.map(dayNumber));
  if (!known) holidayDays.set(calendar, days);
  return days.has(day);
};

/** A tick asks this sixteen times, once a minute. */
const holidayDays = new WeakMap<Calendar, ReadonlySet<number>>();
