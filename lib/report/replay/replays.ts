import type { Percent, Seconds } from '../../model/units.ts';
import type { LocalHours } from '../plan/policies/local-hours.ts';
import { sumOf } from '../plan/series.ts';
import { type PriceBook, taskUsdPerHour } from '../prices/price-book.ts';
import type { FargateUsage, Usage } from '../usage/usage.ts';
import { type PlayedDay, type PlayedHour, type Promised, playDay } from './play-day.ts';
import { hardestDays, type RecordedDay, recordedDays } from './recorded-days.ts';
import type { Way } from './way.ts';

/** What became of a service's hardest days under one way of scaling. */
export interface PlayedWay {
  readonly days: readonly PlayedDay[];
  readonly hours: readonly PlayedHour[];
  readonly taskHours: number;
  readonly judged: number;
  readonly late: number;
  readonly attainedPercent: Percent;
  readonly waitSeconds: { readonly p50: Seconds; readonly p95: Seconds; readonly p99: Seconds };
  /** The most tasks of an hour, on average. */
  readonly mostTasks: number;
  readonly tickSeconds: Seconds;
}

/** Undefined: its minutes were not recorded, it has too many jobs, or the replays are spent on dearer services. */
export type PlayWay = (usage: FargateUsage, way: Way, promise: Promised, slowdown: number) => PlayedWay | undefined;

/** How much of a service is played for each question. */
interface Effort {
  readonly days: number;
  /** How much coarser than the promise wants the decisions are. */
  readonly coarser: number;
  /** Questions that the share must suffice for. */
  readonly questions: number;
}

const ladder: readonly Effort[] = [
  { days: 8, coarser: 1, questions: 6 },
  { days: 4, coarser: 1, questions: 6 },
  { days: 2, coarser: 1, questions: 5 },
  { days: 2, coarser: 2, questions: 5 },
  { days: 2, coarser: 4, questions: 4 },
  { days: 1, coarser: 4, questions: 2 },
];
const leastShare = 2 * 25 * 60;

/**
 * The replays of one plan. Each service that has something to prove gets the same share of `decisionsMax`; where that is
 * too little for all, the dearest get one. Counted and not timed, so that the plan is the same on every machine; each
 * question is remembered, so that asking twice costs nothing.
 */
export const replays = (
  usage: Usage,
  local: LocalHours,
  book: PriceBook,
  { seed, decisionsMax }: { readonly seed: number; readonly decisionsMax: number },
): PlayWay => {
  const shares = sharesOf(usage, book, decisionsMax);
  const spent = new Map<string, number>();
  const daysOf = new Map<string, readonly RecordedDay[]>();
  const known = new Map<string, PlayedWay | undefined>();
  return (service, way, promise, slowdown) => {
    const name = service.label ?? service.name;
    const share = shares.get(name);
    if (share === undefined) return undefined;
    const tick = Math.max(10, Math.min(30, promise.startWithinSeconds / 4));
    const cost = ({ days, coarser }: Effort): number => (days * 25 * 3600) / tickOf(tick, coarser);
    const effort = ladder.find((rung) => rung.questions * cost(rung) <= share) ?? (ladder.at(-1) as Effort);
    const days = daysOf.get(name) ?? hardestDays(recordedDays(service, local, usage.hours), effort.days);
    daysOf.set(name, days);
    const key = [name, slowdown, promise.percent, promise.startWithinSeconds, keyOf(way, days)].join(' ');
    if (known.has(key)) return known.get(key);
    const price = isStill(way) ? 0 : (cost(effort) * days.length) / effort.days;
    const left = share - (spent.get(name) ?? 0);
    if (days.length === 0 || price > left) return undefined;
    spent.set(name, share - left + price);
    const played = days.map((day) =>
      playDay({
        usage: service,
        window: usage,
        way,
        day,
        promise,
        slowdown,
        tickSeconds: tickOf(tick, effort.coarser),
        seed,
      }),
    );
    const result = played.every((day) => day !== undefined)
      ? together(played, tickOf(tick, effort.coarser))
      : undefined;
    known.set(key, result);
    return result;
  };
};

const tickOf = (tick: Seconds, coarser: number): Seconds => Math.min(60, Math.round(tick * coarser));

/** Nothing is decided: counts of the record, or a fleet that stands. */
const isStill = ({ policy, minimum, max }: Way): boolean =>
  policy === 'recorded' || minimum.every((level) => level === max);

const keyOf = ({ policy, behavior, max, minimum }: Way, days: readonly RecordedDay[]): string =>
  JSON.stringify([policy, behavior, max, days.map(({ from, to }) => minimum.subarray(from, to).join())]);

const together = (days: readonly PlayedDay[], tickSeconds: Seconds): PlayedWay => {
  const hours = days.flatMap((day) => day.hours);
  const sum = (of: (day: PlayedDay) => number): number => days.reduce((total, day) => total + of(day), 0);
  const judged = sum((day) => day.judged);
  const late = sum((day) => day.late);
  const waits = new Float32Array(sum((day) => day.waits.length));
  days.reduce((place, day) => {
    waits.set(day.waits, place);
    return place + day.waits.length;
  }, 0);
  waits.sort();
  const at = (share: number): Seconds => waits[Math.max(0, Math.ceil(share * waits.length) - 1)] ?? 0;
  return {
    days,
    hours,
    taskHours: hours.reduce((total, { tasks }) => total + tasks, 0),
    judged,
    late,
    attainedPercent: judged === 0 ? 100 : 100 * (1 - late / judged),
    waitSeconds: { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
    mostTasks: Math.max(0, ...hours.map(({ tasks }) => tasks)),
    tickSeconds,
  };
};

const sharesOf = ({ services }: Usage, book: PriceBook, decisionsMax: number): ReadonlyMap<string, number> => {
  const asking = services.filter(hasSomethingToProve);
  const share = Math.floor(decisionsMax / Math.max(1, asking.length));
  const usd = (service: FargateUsage): number =>
    (taskUsdPerHour(book, service.region, service.architecture, service.size, 'onDemand') ?? 0) *
    sumOf(service.hourly.tasks);
  const enough =
    share >= leastShare
      ? asking
      : asking
          .map((service, i) => ({ service, i, usd: usd(service) }))
          .toSorted((a, b) => b.usd - a.usd || a.i - b.i)
          .slice(0, Math.floor(decisionsMax / leastShare))
          .map(({ service }) => service);
  return new Map(enough.map(({ name, label }) => [label ?? name, Math.max(share, leastShare)]));
};

/** Replayable, and with a minimum, a policy or a maximum to look at. */
const hasSomethingToProve = ({ arrivalsByMinute, serviceSeconds, hourly, bounds, scaling }: FargateUsage): boolean =>
  arrivalsByMinute !== undefined &&
  arrivalsByMinute.length >= 24 * 60 &&
  serviceSeconds !== undefined &&
  hourly.jobs !== undefined &&
  (bounds.min > 0 ||
    (hourly.min ?? []).some((min) => (min ?? 0) > 0) ||
    (scaling !== undefined && (scaling.by === 'other' || scaling.policy.type !== 'slo')) ||
    hourly.tasks.some((tasks) => (tasks ?? 0) >= bounds.max - 0.01));
