import type { LocalHours } from './local-hours.ts';

/** Three levels for the week: a stretch of the working day, the rest of working days, and days off. */
export interface QuietWindows {
  /** Local hours; `to` 24 is midnight. */
  readonly from: number;
  readonly to: number;
  readonly business: number;
  readonly offHours: number;
  readonly rest: number;
  readonly weeks: number;
  /** Weeks that needed more, in some hour, than the levels that the other weeks alone would give. */
  readonly weeksMissed: number;
  /** The most that each hour of a working day needed of its minimum. */
  readonly byHourOfWorkday: readonly number[];
  readonly levelAt: (local: LocalHours, h: number) => number;
}

/**
 * Among all stretches of whole hours the one that costs the fewest task-hours when each window stands at the most it ever
 * needed, or at today's minimum where that is lower: what comes above a minimum is the scaler's business.
 */
export const quietWindows = (need: Float64Array, local: LocalHours, minimum: Float64Array): QuietWindows => {
  const held = need.map((tasks, h) => Math.min(tasks, minimum[h] as number));
  const all = levels(held, local, () => true);
  const { from, to } = cheapestStretch(all.workday);
  const weeks = 1 + (local.week.at(-1) ?? 0);
  const of = (peaks: Peaks): Triple => tripleOf(peaks, from, to);
  const { business, offHours, rest } = of(all);
  let weeksMissed = 0;
  for (let week = 0; week < weeks && weeks > 1; week++) {
    const others = of(levels(held, local, (w) => w !== week));
    const own = of(levels(held, local, (w) => w === week));
    if (own.business > others.business || own.offHours > others.offHours || own.rest > others.rest) weeksMissed += 1;
  }
  return {
    from,
    to,
    business,
    offHours,
    rest,
    weeks,
    weeksMissed,
    byHourOfWorkday: [...all.workday],
    levelAt: ({ hourOfDay, restDay }, h) => {
      if (restDay[h] === 1) return rest;
      const hour = hourOfDay[h] as number;
      return hour >= from && hour < to ? business : offHours;
    },
  };
};

interface Peaks {
  /** By hour of the day. */
  readonly workday: Float64Array;
  readonly rest: number;
}

interface Triple {
  readonly business: number;
  readonly offHours: number;
  readonly rest: number;
}

const levels = (need: Float64Array, local: LocalHours, counts: (week: number) => boolean): Peaks => {
  const workday = new Float64Array(24);
  let rest = 0;
  for (let h = 0; h < need.length; h++) {
    if (!counts(local.week[h] as number)) continue;
    const tasks = need[h] as number;
    if (local.restDay[h] === 1) rest = Math.max(rest, tasks);
    else {
      const hour = local.hourOfDay[h] as number;
      workday[hour] = Math.max(workday[hour] as number, tasks);
    }
  }
  return { workday, rest };
};

const tripleOf = ({ workday, rest }: Peaks, from: number, to: number): Triple => {
  let business = 0;
  let offHours = 0;
  for (let hour = 0; hour < 24; hour++) {
    if (hour >= from && hour < to) business = Math.max(business, workday[hour] as number);
    else offHours = Math.max(offHours, workday[hour] as number);
  }
  return { business, offHours, rest };
};

const cheapestStretch = (workday: Float64Array): { readonly from: number; readonly to: number } => {
  let best = { from: 0, to: 24, taskHours: Number.POSITIVE_INFINITY };
  for (let from = 0; from < 24; from++) {
    for (let to = from + 1; to <= 24; to++) {
      const { business, offHours } = tripleOf({ workday, rest: 0 }, from, to);
      const taskHours = business * (to - from) + offHours * (24 - (to - from));
      if (taskHours < best.taskHours) best = { from, to, taskHours };
    }
  }
  return best;
};
