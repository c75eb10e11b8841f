import type { ServicePlan } from '../model/plan.ts';
import type { EpochSeconds } from '../model/units.ts';
import { type DayNumber, dayNumber, minutesPerDay, weekdayOf } from './local-day.ts';
import { type DayKind, type Matcher, matcherOf, noWindow, winningWindow } from './winning-window.ts';
import { localSeconds } from './zone-clock.ts';

/** A schedule made ready for many look-ups. */
export interface CompiledSchedule {
  readonly timeZone: string;
  readonly matchers: readonly Matcher[];
  readonly kindOf: (day: DayNumber) => DayKind;
}

/** The plan's schedule, compiled once for each plan object. */
export const compiledSchedule = (plan: ServicePlan): CompiledSchedule => {
  const known = compiledByPlan.get(plan);
  if (known) return known;
  const holidays = new Set(plan.calendar.holidays.map(dayNumber));
  const compiled: CompiledSchedule = {
    timeZone: plan.calendar.timeZone,
    matchers: plan.schedule.map(matcherOf),
    kindOf: (day) => ({ weekday: weekdayOf(day), holiday: holidays.has(day), day }),
  };
  compiledByPlan.set(plan, compiled);
  return compiled;
};

/**
 * The index of the window that wins at an instant, or `noWindow`. What counts is the wall clock at that instant: local
 * times that a DST gap leaves out never come, those that an overlap repeats fit both times.
 */
export const winnerAt = (schedule: CompiledSchedule, at: EpochSeconds): number => {
  if (schedule.matchers.length === 0) return noWindow;
  const minutes = Math.floor(localSeconds(schedule.timeZone, at) / 60);
  const day = Math.floor(minutes / minutesPerDay);
  return winningWindow(
    schedule.matchers,
    schedule.kindOf(day),
    schedule.kindOf(day - 1),
    minutes - day * minutesPerDay,
  );
};

const compiledByPlan = new WeakMap<ServicePlan, CompiledSchedule>();
