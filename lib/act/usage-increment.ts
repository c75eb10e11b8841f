import { sizeKey, type TaskSize } from '../model/plan.ts';
import type { EpochSeconds, Seconds, Usd } from '../model/units.ts';
import { type FargatePrice, usdOfTasks } from '../report/fargate-price.ts';

/** What is added to one hour's item. */
export interface HourIncrement {
  /** `2026-11-21T10` */
  readonly hour: string;
  /** By minute of the hour. */
  readonly arrivals: Readonly<Record<number, number>>;
  readonly taskSeconds: Readonly<Record<string, Seconds>>;
  readonly usd: Usd;
  readonly observedSeconds: Seconds;
  readonly scaleOuts: number;
  readonly scaleIns: number;
}

export interface UsageSpan {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  readonly arrivals: number;
  /** Absent: not known. */
  readonly tasks?: number;
  readonly scaled: 'out' | 'in' | 'no';
  readonly size: TaskSize;
  readonly price: FargatePrice | undefined;
}

/** Beyond this nobody looked, and the count at the end says nothing about the time before. */
const longestSpanSeconds: Seconds = 900;
const hourSeconds = 3600;

/** One span cut at the hours. What it adds up to is exact: arrivals stay whole and none is lost in rounding. */
export function incrementsOf(span: UsageSpan): readonly HourIncrement[] {
  const { to, arrivals } = span;
  const from = Math.min(to, Math.max(span.from, to - longestSpanSeconds));
  const minutes = arrivalsByMinute(from, to, arrivals);
  const increments: HourIncrement[] = [];
  for (let hour = Math.floor(from / hourSeconds); hour <= Math.floor(to / hourSeconds); hour++) {
    const start = hour * hourSeconds;
    const lastHour = hour === Math.floor(to / hourSeconds);
    const observed = Math.min(to, start + hourSeconds) - Math.max(from, start);
    increments.push({
      hour: hourName(start),
      arrivals: Object.fromEntries(
        [...minutes].filter(([minute]) => Math.floor(minute / 60) === hour).map(([minute, n]) => [minute % 60, n]),
      ),
      ...taskUse(span, observed),
      scaleOuts: lastHour && span.scaled === 'out' ? 1 : 0,
      scaleIns: lastHour && span.scaled === 'in' ? 1 : 0,
    });
  }
  return increments;
}

export const hourName = (at: EpochSeconds): string => new Date(at * 1000).toISOString().slice(0, 13);

/** Both of the same hour. */
export const mergeIncrements = (a: HourIncrement, b: HourIncrement): HourIncrement => ({
  hour: a.hour,
  arrivals: addByKey(a.arrivals, b.arrivals),
  taskSeconds: addByKey(a.taskSeconds, b.taskSeconds),
  usd: a.usd + b.usd,
  observedSeconds: a.observedSeconds + b.observedSeconds,
  scaleOuts: a.scaleOuts + b.scaleOuts,
  scaleIns: a.scaleIns + b.scaleIns,
});

function taskUse({ tasks, size, price }: UsageSpan, observed: Seconds) {
  if (tasks === undefined) return { taskSeconds: {}, usd: 0, observedSeconds: 0 };
  const seconds = tasks * observed;
  return {
    taskSeconds: seconds === 0 ? {} : { [sizeKey(size)]: seconds },
    usd: price === undefined ? 0 : usdOfTasks(size, seconds, price),
    observedSeconds: observed,
  };
}

/** Spread evenly over the span, by minutes since the epoch. */
function arrivalsByMinute(from: EpochSeconds, to: EpochSeconds, arrivals: number): ReadonlyMap<number, number> {
  const byMinute = new Map<number, number>();
  if (arrivals <= 0) return byMinute;
  let given = 0;
  for (let minute = Math.floor(from / 60); minute <= Math.floor(to / 60); minute++) {
    const share = to === from ? 1 : Math.min(1, ((minute + 1) * 60 - from) / (to - from));
    const upTo = Math.round(arrivals * share);
    if (upTo > given) byMinute.set(minute, upTo - given);
    given = upTo;
  }
  return byMinute;
}

function addByKey<K extends string | number>(
  a: Readonly<Record<K, number>>,
  b: Readonly<Record<K, number>>,
): Readonly<Record<K, number>> {
  const sum: Record<K, number> = { ...a };
  for (const key of Object.keys(b) as K[]) sum[key] = (sum[key] ?? 0) + b[key];
  return sum;
}
