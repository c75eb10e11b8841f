import {
  type AppliedEntry,
  type AppliedMark,
  type AppliedSize,
  allHours,
  barredSize,
  isBarred,
} from '../../model/applied.ts';
import { type ServicePlan, sizeKey, type TaskSize } from '../../model/plan.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { isWithin } from '../../schedule/applied-plan.ts';
import { configuredMark } from '../../schedule/configured-mark.ts';
import { localSeconds } from '../../schedule/zone-clock.ts';
import type { Recommendation } from '../plan/advice.ts';
import { known, largest, quantileOf, seenHours } from '../plan/series.ts';
import type { FargateUsage, Series } from '../usage/usage.ts';

/** A size for the coming week, or why there is none where one was thinkable. */
export type SizeChoice =
  | { readonly values: Omit<AppliedSize, keyof AppliedMark>; readonly fields: string; readonly because: string }
  | { readonly withheld: string };

/** Once a week: reports are a week apart, up to some hours. */
const leastSecondsBetween: Seconds = 6.5 * 86_400;
/** Hours with figures of the present size, before another is chosen. */
const leastSeenHours = 120;
/** The tick knows of it within minutes, and everybody can still read the report and say no. */
const beginsAfterSeconds: Seconds = 12 * 3600;
/** The quietest quarter of the week. */
const quietHoursCount = 42;
const memoryFullPercent = 85;
const cpuFullPercent = 90;
const memoryFactor = 1.15;

/**
 * The size that an automatic one gets: a larger one where memory or CPU is short, else what the plan advises, which is
 * proved by replay where jobs get longer. At most once a week, between the bounds, and none that did worse of late.
 * Undefined: there is nothing to change. Pure.
 */
export const chooseSize = (
  plan: ServicePlan,
  usage: FargateUsage,
  entry: AppliedEntry | undefined,
  advice: Recommendation | undefined,
  window: { readonly from: EpochSeconds; readonly now: EpochSeconds },
): SizeChoice | undefined => {
  if (plan.autoSize === undefined) return undefined;
  const { now } = window;
  const before = entry?.size?.size ?? { cpu: plan.worker.cpu, memoryMiB: plan.worker.memoryMiB };
  const larger = largerSize(plan, usage, entry, now);
  const wanted = larger ?? fromAdvice(advice);
  if (wanted === undefined || sizeKey(wanted.size) === sizeKey(before)) return undefined;
  const withheld = whyNotNow(plan, usage, entry, wanted, before, now);
  if (withheld !== undefined) return { withheld };
  const { size, slowdown = 1 } = wanted;
  const mean = usage.serviceSeconds?.mean;
  return {
    fields: configuredMark(plan, 'size'),
    because: wanted.because,
    values: {
      size,
      before,
      from: now + beginsAfterSeconds,
      quietHours: quietHoursOf(usage.hourly.jobs, window.from, plan.calendar.timeZone),
      timeZone: plan.calendar.timeZone,
      ...(mean === undefined ? {} : { seconds: { before: mean, expected: mean * slowdown } }),
    },
  };
};

interface Wanted {
  readonly size: TaskSize;
  /** Run time of a job on it ÷ on the size of today. */
  readonly slowdown?: number;
  /** No replay bears out that longer jobs keep the promise. */
  readonly unproved?: boolean;
  readonly because: string;
}

const fromAdvice = (advice: Recommendation | undefined): Wanted | undefined => {
  if (advice?.change.to !== 'size') return undefined;
  const { slowdown = 1, isProved = false } = advice.expected ?? {};
  return {
    size: advice.change.size,
    slowdown,
    unproved: slowdown > 1.005 && !isProved,
    because: advice.evidence[0]?.text ?? '',
  };
};

/** What has too little gets more at once, saving or not. Percentages are of the present size. */
const largerSize = (
  plan: ServicePlan,
  { size, sizes = [], hourly }: FargateUsage,
  entry: AppliedEntry | undefined,
  now: EpochSeconds,
): Wanted | undefined => {
  const memory = largest(hourly.memoryMaxPercent) ?? 0;
  const cpu = quantileOf(known(hourly.cpuP99Percent), 0.95) ?? 0;
  if (memory <= memoryFullPercent && cpu <= cpuFullPercent) return undefined;
  const memoryNeeded = Math.max(
    size.memoryMiB,
    memory > memoryFullPercent ? (memory / 100) * size.memoryMiB * memoryFactor : 0,
  );
  const cpuNeeded = cpu > cpuFullPercent ? size.cpu + 1 : size.cpu;
  const found = sizes.find(
    (one) =>
      one.cpu >= cpuNeeded &&
      one.memoryMiB >= memoryNeeded &&
      sizeKey(one) !== sizeKey(size) &&
      !isBarred(entry, barredSize(`size:${plan.service}`, one), now),
  );
  if (found === undefined) return undefined;
  const because =
    memory > memoryFullPercent
      ? `Memory peaks at ${memory.toFixed(0)} %.`
      : `Its busiest minutes take ${cpu.toFixed(0)} % of the CPU.`;
  return { size: found, because };
};

const whyNotNow = (
  plan: ServicePlan,
  usage: FargateUsage,
  entry: AppliedEntry | undefined,
  { size, unproved }: Wanted,
  before: TaskSize,
  now: EpochSeconds,
): string | undefined => {
  const name = `${size.cpu / 1024} vCPU / ${size.memoryMiB / 1024} GB`;
  if (!isWithin(plan, size)) return `${name} is outside the bounds of "worker.size"`;
  if (entry?.size !== undefined && entry.size.byItself === undefined) return `${entry.size.by} has chosen the size`;
  if (isBarred(entry, barredSize(`size:${plan.service}`, size), now)) return `${name} did worse of late`;
  if (now - (entry?.size?.at ?? 0) < leastSecondsBetween) return 'the size changed less than a week ago';
  if (sizeKey(usage.size) !== sizeKey(before)) return 'its tasks do not have the size that was chosen before yet';
  if (
    seenHours(usage.hourly.memoryMaxPercent ?? []) < leastSeenHours ||
    seenHours(usage.hourly.cpuP99Percent ?? []) < leastSeenHours
  )
    return `fewer than ${leastSeenHours} hours of CPU and memory are known of the present size`;
  if (unproved) return 'no recorded minutes bear out that longer jobs keep the promise';
  return undefined;
};

/** Hours of the local week with the fewest jobs on average. Nobody counted: any hour. */
export const quietHoursOf = (jobs: Series | undefined, from: EpochSeconds, timeZone: string): readonly number[] => {
  const sums = new Float64Array(168);
  const seen = new Float64Array(168);
  (jobs ?? []).forEach((count, h) => {
    if (count === null) return;
    const hour = hourOfWeek(from + h * 3600, timeZone);
    sums[hour] = (sums[hour] as number) + count;
    seen[hour] = (seen[hour] as number) + 1;
  });
  const means = [...sums].flatMap((sum, hour) => {
    const weeks = seen[hour] as number;
    return weeks === 0 ? [] : [{ hour, mean: sum / weeks }];
  });
  if (means.length === 0) return allHours;
  const quietest = means.toSorted((a, b) => a.mean - b.mean || a.hour - b.hour).slice(0, quietHoursCount);
  return quietest.map(({ hour }) => hour).toSorted((a, b) => a - b);
};

/** 1 January 1970 was a Thursday. */
const hourOfWeek = (at: EpochSeconds, timeZone: string): number =>
  (Math.floor(localSeconds(timeZone, at) / 3600) + 3 * 24) % 168;
