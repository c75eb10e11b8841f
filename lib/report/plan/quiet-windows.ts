import type { LocalHours } from './local-hours.ts';

/** Levels for the week: a stretch of the working day, the rest of working days, days off, and holidays apart. */
export interface QuietLevels {
  /** Local hours; `to` 24 is midnight. */
  readonly from: number;
  readonly to: number;
  readonly business: number;
  readonly offHours: number;
  readonly rest: number;
  /** Absent: none was seen. */
  readonly holiday?: number;
}

export interface QuietWindows extends QuietLevels {
  readonly weeks: number;
  /** The most that each hour of a working day needed of its minimum. */
  readonly byHourOfWorkday: readonly number[];
  /** What the weeks other than this one would have set. */
  readonly withoutWeek: (week: number) => QuietLevels;
}

/**
 * Among all stretches of whole hours the one that costs the fewest task-hours when each window stands at the most it ever
 * needed, or at today's minimum where that is lower: what comes above a minimum is the scaler's business. A holiday says
 * nothing about its weekday and nothing about weekends.
 */
export const quietWindows = (need: Float64Array, local: LocalHours, minimum: Float64Array): QuietWindows => {
  const held = need.map((tasks, h) => Math.min(tasks, minimum[h] as number));
  const all = peaksOf(held, local, () => true);
  const { from, to } = cheapestStretch(all.workday);
  return {
    ...levelsOf(all, from, to),
    weeks: 1 + (local.week.at(-1) ?? 0),
    byHourOfWorkday: [...all.workday],
    withoutWeek: (week) =>
      levelsOf(
        peaksOf(held, local, (w) => w !== week),
        from,
        to,
      ),
  };
};

export const levelAt = (levels: QuietLevels, { hourOfDay, restDay, holiday }: LocalHours, h: number): number => {
  // A holiday of a kind that was never seen is taken for its weekday's busiest hours.
  if (holiday[h] === 1) return levels.holiday ?? levels.business;
  if (restDay[h] === 1) return levels.rest;
  const hour = hourOfDay[h] as number;
  return hour >= levels.from && hour < levels.to ? levels.business : levels.offHours;
};

interface Peaks {
  /** By hour of the day. */
  readonly workday: Float64Array;
  readonly rest: number;
  readonly holiday?: number;
}

const peaksOf = (need: Float64Array, local: LocalHours, counts: (week: number) => boolean): Peaks => {
  const workday = new Float64Array(24);
  let rest = 0;
  let holiday = -1;
  for (let h = 0; h < need.length; h++) {
    if (!counts(local.week[h] as number)) continue;
    const tasks = need[h] as number;
    if (local.holiday[h] === 1) holiday = Math.max(holiday, tasks);
    else if (local.restDay[h] === 1) rest = Math.max(rest, tasks);
    else {
      const hour = local.hourOfDay[h] as number;
      workday[hour] = Math.max(workday[hour] as number, tasks);
    }
  }
  return { workday, rest, ...(holiday < 0 ? {} : { holiday }) };
};

const levelsOf = ({ workday, rest, holiday }: Peaks, from: number, to: number): QuietLevels => {
  let business = 0;
  let offHours = 0;
  for (let hour = 0; hour < 24; hour++) {
    if (hour >= from && hour < to) business = Math.max(business, workday[hour] as number);
    else offHours = Math.max(offHours, workday[hour] as number);
  }
  return { from, to, business, offHours, rest, ...(holiday === undefined ? {} : { holiday }) };
};

const cheapestStretch = (workday: Float64Array): { readonly from: number; readonly to: number } => {
  let best = { from: 0, to: 24, taskHours: Number.POSITIVE_INFINITY };
  for (let from = 0; from < 24; from++) {
    for (let to = from + 1; to <= 24; to++) {
      const { business, offHours } = levelsOf({ workday, rest: 0 }, from, to);
      const taskHours = business * (to - from) + offHours * (24 - (to - from));
      if (taskHours < best.taskHours) best = { from, to, taskHours };
    }
  }
  return best;
};
