import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type HourlyRollup, waitBinSeconds } from '../model/hourly-rollup.ts';
import type { Seconds } from '../model/units.ts';
import type { HourIncrement } from './usage-increment.ts';

/** Totals by name, as the workers add to them. */
export type Counts = Readonly<Record<string, number>>;

/** An hour as it lies in the table: sums that were added to, and the workers' totals as last seen in that hour. */
export interface StoredHour {
  readonly hour: string;
  /** `a0` … `a59`, `t512/1024`, `usd`, `observed`, `outs`, `ins` */
  readonly sums: Counts;
  readonly priced: boolean;
  readonly totals?: Counts;
  /** The totals before this hour, as far as they were known when it began. */
  readonly base?: Counts;
}

export const rollupRetentionSeconds: Seconds = 400 * 24 * 3600;

/** What is added to an item, by attribute name. */
export function sumsOf(increment: HourIncrement): Counts {
  const { arrivals, taskSeconds, usd, observedSeconds, scaleOuts, scaleIns } = increment;
  const all = [
    ...Object.entries(arrivals).map(([minute, n]) => [`a${minute}`, n] as const),
    ...Object.entries(taskSeconds).map(([size, n]) => [`t${size}`, n] as const),
    ['usd', usd] as const,
    ['observed', observedSeconds] as const,
    ['outs', scaleOuts] as const,
    ['ins', scaleIns] as const,
  ];
  return Object.fromEntries(all.filter(([, n]) => n !== 0));
}

export function parseHour(item: Readonly<Record<string, AttributeValue>>): StoredHour {
  const sums = Object.entries(item).flatMap(([name, value]) =>
    value.N === undefined ? [] : [[name, Number(value.N)] as const],
  );
  return {
    hour: item.sk?.S?.slice('HOUR#'.length) ?? '',
    sums: Object.fromEntries(sums),
    priced: item.unpriced === undefined,
    ...(item.totals?.M === undefined ? {} : { totals: fromMap(item.totals.M) }),
    ...(item.base?.M === undefined ? {} : { base: fromMap(item.base.M) }),
  };
}

export const toMap = (counts: Counts): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, { N: String(n) }]));

const fromMap = (map: Readonly<Record<string, AttributeValue>>): Counts =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, Number(value.N ?? 0)]));

/**
 * One hour for the report. Jobs are the difference of the totals at its end and at the end of the hour before, so what
 * was done while nobody looked is in the next hour that somebody did, and nothing is lost or counted twice.
 */
export function toRollup(service: string, stored: StoredHour, before: Counts | undefined): HourlyRollup {
  const { sums, totals } = stored;
  const base = before ?? stored.base ?? {};
  const done = totals === undefined ? {} : growth(base, totals);
  return {
    service,
    hour: stored.hour,
    arrivalsByMinute: Array.from({ length: 60 }, (_, minute) => sums[`a${minute}`] ?? 0),
    started: done.started ?? 0,
    late: done.late ?? 0,
    completed: done.completed ?? 0,
    failed: done.failed ?? 0,
    waitsByQueue: waitsOf(done),
    taskSecondsBySize: Object.fromEntries(
      Object.entries(sums).flatMap(([name, n]) => (/^t\d+\/\d+$/.test(name) ? [[name.slice(1), n] as const] : [])),
    ),
    busySlotSeconds: (done.busySlotMs ?? 0) / 1000,
    ...(stored.priced ? { usd: sums.usd ?? 0 } : {}),
    observedSeconds: sums.observed ?? 0,
    scaleOuts: sums.outs ?? 0,
    scaleIns: sums.ins ?? 0,
  };
}

/** Totals that shrank began anew: then all of them is growth. */
function growth(before: Counts, after: Counts): Counts {
  const anew = Object.keys(before).some((name) => (after[name] ?? 0) < (before[name] ?? 0));
  return Object.fromEntries(Object.entries(after).map(([name, n]) => [name, anew ? n : n - (before[name] ?? 0)]));
}

/** `w_<queue>_<bin>`; the name of a queue may hold underscores itself. */
function waitsOf(done: Counts): Readonly<Record<string, readonly number[]>> {
  const waits: Record<string, number[]> = {};
  for (const [name, n] of Object.entries(done)) {
    const [, queue, bin] = /^w_(.+)_(\d+)$/.exec(name) ?? [];
    if (queue === undefined || bin === undefined || Number(bin) > waitBinSeconds.length) continue;
    waits[queue] ??= Array.from({ length: waitBinSeconds.length + 1 }, () => 0);
    waits[queue][Number(bin)] = n;
  }
  return waits;
}
