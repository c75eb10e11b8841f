import { dice, hourOfDay, isWeekendHour, weekHours } from './true-account.ts';

/** A service whose jobs are known one by one, and what sets its count today. */
export interface ScaledService {
  readonly seed: number;
  readonly seconds: number;
  readonly percent: number;
  readonly within: number;
  readonly startMedian: number;
  readonly startP95: number;
  /** Jobs an hour, Monday 00:00 first. */
  readonly rate: readonly number[];
  /** Hours of a working day that are busy. */
  readonly opens: number;
  readonly closes: number;
  readonly today: ScaledWay;
}

/** What sets the count: its own rule, within these bounds; the minimum by window. */
export interface ScaledWay {
  readonly rule: ScaledRule;
  readonly min: WindowMinimums;
  readonly max: number;
}

export type ScaledRule =
  | { readonly type: 'slo' }
  | { readonly type: 'backlogPerTask'; readonly target: number }
  | { readonly type: 'targetTracking'; readonly cpu: number };

export interface WindowMinimums {
  readonly from: number;
  readonly until: number;
  readonly business: number;
  readonly offHours: number;
  readonly rest: number;
}

export const evenly = (count: number, from = 0, until = 24): WindowMinimums => ({
  from,
  until,
  business: count,
  offHours: count,
  rest: count,
});

export const minimumAt = ({ from, until, business, offHours, rest }: WindowMinimums, h: number): number => {
  if (isWeekendHour(h)) return rest;
  return hourOfDay(h) >= from && hourOfDay(h) < until ? business : offHours;
};

/** On a fixed fleet, on a rule, on somebody's target, or on `slo` with a minimum that nobody needs. */
export const drawScaled = (seed: number): ScaledService => {
  const roll = dice(seed * 7919);
  const pick = <Of>(of: readonly Of[]): Of => of[Math.floor(roll() * of.length)] as Of;
  const opens = 6 + Math.floor(roll() * 4);
  const closes = 16 + Math.floor(roll() * 5);
  const day = pick([120, 300, 500]);
  const night = pick([0, 10, 30]);
  const weekend = pick([0, 20]);
  const rate = Array.from({ length: weekHours }, (_, h) =>
    isWeekendHour(h) ? weekend : hourOfDay(h) >= opens && hourOfDay(h) < closes ? day : night,
  );
  const seconds = pick([15, 30, 45]);
  const peak = Math.ceil((1.5 * day * seconds) / 3600) + 1;
  const kinds = ['fixed', 'backlogPerTask', 'targetTracking', 'needlessMinimum'] as const;
  const kind = kinds[seed % kinds.length] ?? 'fixed';
  const room = { max: 4 * peak };
  const today: ScaledWay = {
    fixed: { rule: { type: 'slo' } as const, min: evenly(peak + 1), max: peak + 1 },
    backlogPerTask: { rule: { type: 'backlogPerTask', target: 1 } as const, min: evenly(pick([1, 2])), ...room },
    targetTracking: { rule: { type: 'targetTracking', cpu: pick([25, 40]) } as const, min: evenly(1), ...room },
    needlessMinimum: { rule: { type: 'slo' } as const, min: evenly(pick([3, 5])), ...room },
  }[kind];
  return {
    seed,
    seconds,
    percent: pick([95, 99]),
    within: pick([120, 300, 600]),
    startMedian: 35,
    startP95: 75,
    rate,
    opens,
    closes,
    today,
  };
};

/** Seconds from `fromHour` of the week on at which jobs come, at random within each hour; another week, another draw. */
export const arrivalsOf = (service: ScaledService, week: number, fromHour: number, toHour: number): Float64Array => {
  const at: number[] = [];
  for (let h = fromHour; h < toHour; h++) {
    const roll = dice(service.seed * 104_729 + week * 1009 + h);
    const rate = service.rate[h % weekHours] as number;
    if (rate === 0) continue;
    for (let t = gap(roll, rate); t < 3600; t += gap(roll, rate)) at.push((h - fromHour) * 3600 + t);
  }
  return Float64Array.from(at);
};

const gap = (roll: () => number, rate: number): number => (-Math.log(1 - roll()) * 3600) / rate;
