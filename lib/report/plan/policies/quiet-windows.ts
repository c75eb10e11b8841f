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
  const held = peaksByWeek(
    need.map((tasks, h) => Math.min(tasks, minimum[h] as number)),
    local,
  );
  const demand = peaksByWeek(need, local);
  const all = together(held);
  return {
    ...levelsOfWeeks(held, demand),
    weeks: held.length,
    byHourOfWorkday: [...all.workday],
    withoutWeek: (week) => levelsOfWeeks(without(held, week), without(demand, week)),
  };
};

const levelsOfWeeks = (held: readonly Peaks[], demand: readonly Peaks[]): QuietLevels => {
  const peaks = together(held);
  // Where the minimum is the same at all hours, the demand above it still has a day and a night.
  const shape = isFlat(peaks.workday) ? together(demand).workday : peaks.workday;
  const { from, to } = cheapestStretch(shape);
  return levelsOf(peaks, from, to);
};

const without = (weeks: readonly Peaks[], week: number): readonly Peaks[] => weeks.filter((_, w) => w !== week);

export const levelAt = (levels: QuietLevels, { hourOfDay, restDay, holiday }: LocalHours, h: number): number => {
  // A holiday of a kind that was never seen is taken for its weekday's busiest hours.
  if (holiday[h] === 1) return levels.holiday ?? levels.business;
  if (restDay[h] === 1) return levels.rest;
  const hour = hourOfDay[h] as number;
  return hour >= levels.from && hour < levels.to ? levels.business : levels.offHours;
};

/** The most of each kind of hour. */
interface Peaks {
  /** By hour of the day. */
  readonly workday: Float64Array;
  rest: number;
  /** Absent: none was seen. */
  holiday?: number;
}

const peaksByWeek = (need: Float64Array, local: LocalHours): readonly Peaks[] => {
  const weeks = Array.from({ length: 1 + (local.week.at(-1) ?? 0) }, noPeaks);
  for (let h = 0; h < need.length; h++) {
    const peaks = weeks[local.week[h] as number] as Peaks;
    const tasks = need[h] as number;
    const hour = local.hourOfDay[h] as number;
    if (local.holiday[h] === 1) peaks.holiday = Math.max(peaks.holiday ?? 0, tasks);
    else if (local.restDay[h] === 1) peaks.rest = Math.max(peaks.rest, tasks);
    else peaks.workday[hour] = Math.max(peaks.workday[hour] as number, tasks);
  }
  return weeks;
};

const noPeaks = (): Peaks => ({ workday: new Float64Array(24), rest: 0 });

const together = (weeks: readonly Peaks[]): Peaks => {
  const all = noPeaks();
  for (const { workday, rest, holiday } of weeks) {
    for (let hour = 0; hour < 24; hour++) {
      all.workday[hour] = Math.max(all.workday[hour] as number, workday[hour] as number);
    }
    all.rest = Math.max(all.rest, rest);
    if (holiday !== undefined) all.holiday = Math.max(all.holiday ?? 0, holiday);
  }
  return all;
};

const levelsOf = ({ workday, rest, holiday }: Readonly<Peaks>, from: number, to: number): QuietLevels => {
  let business = 0;
  let offHours = 0;
  for (let hour = 0; hour < 24; hour++) {
    if (hour >= from && hour < to) business = Math.max(business, workday[hour] as number);
    else offHours = Math.max(offHours, workday[hour] as number);
  }
  return { from, to, business, offHours, rest, ...(holiday === undefined ? {} : { holiday }) };
};

const isFlat = (values: Float64Array): boolean => values.every((value) => value === values[0]);

const cheapestStretch = (workday: Float64Array): { readonly from: number; readonly to: number } => {
  const before = runningMax(workday);
  const after = runningMax(workday.toReversed()).toReversed();
  let best = { from: 0, to: 24, taskHours: Number.POSITIVE_INFINITY };
  for (let from = 0; from < 24; from++) {
    let business = 0;
    for (let to = from + 1; to <= 24; to++) {
      business = Math.max(business, workday[to - 1] as number);
      const offHours = Math.max(before[from - 1] ?? 0, after[to] ?? 0);
      const taskHours = business * (to - from) + offHours * (24 - (to - from));
      if (taskHours < best.taskHours) best = { from, to, taskHours };
    }
  }
  return best;
};

const runningMax = (values: Float64Array): Float64Array => {
  let most = 0;
  return values.map((value) => {
    most = Math.max(most, value);
    return most;
  });
};
