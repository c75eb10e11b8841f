import type { Percent, Usd } from '../../model/units.ts';
import { hoursPerMonth, usdOf } from '../plan/bill.ts';
import type { PlanContext } from '../plan/plan-context.ts';
import { type FargateState, linesOf } from '../plan/resource.ts';
import { sumOf } from '../plan/series.ts';
import { taskUsdPerHour } from '../prices/price-book.ts';
import type { FargateUsage, Series } from '../usage/usage.ts';
import { type Anomaly, anomaliesOf, type DemandForecast, type DemandPattern, forecastOf, patternOf } from './demand.ts';
import type { ReplayEffort } from './replay-effort.ts';
import { type Replay, replayWeek } from './replay-policies.ts';

/** One service in the last week of the window. Money at list prices before commitments. */
export interface ServiceStory {
  readonly name: string;
  readonly region: string;
  readonly owner?: string;
  /** Absent: the book has no price for it. */
  readonly usd?: Usd;
  readonly previousUsd?: Usd;
  readonly jobs: number;
  /** What it cost beside `usd`, which is tasks and their addresses: requests, logs, its share of Sluice itself. */
  readonly alsoUsd: readonly { readonly what: string; readonly usd: Usd }[];
  /** Of `usd` and all of `alsoUsd`. */
  readonly usdPerJob?: Usd;
  readonly slo?: {
    readonly percent: Percent;
    readonly startWithinSeconds: number;
    /** Absent: nobody counted late jobs. */
    readonly attainedPercent?: Percent;
    /** Of the late jobs that the promise allows, how many there were. */
    readonly errorBudgetUsedPercent?: Percent;
  };
  readonly money?: MoneyUse;
  readonly replay?: ToldReplay;
  /** Why there is no replay. */
  readonly noReplay?: string;
  readonly pattern?: DemandPattern;
  readonly forecast?: DemandForecast;
  readonly anomalies: readonly Anomaly[];
  /** By hour of the week that is told. */
  readonly tasks: Series;
  readonly jobsByHour: Series;
}

/** A replay beside what ran in the same hours. */
export interface ToldReplay extends Replay {
  readonly ran: { readonly usd?: Usd; readonly attainedPercent?: Percent };
}

/** Where a service's dollars went. They add up to what it cost. */
export interface MoneyUse {
  readonly usefulUsd: Usd;
  /** Work that was done again: retries. */
  readonly retriedUsd: Usd;
  /** Tasks that stood ready. */
  readonly warmIdleUsd: Usd;
  /** Tasks that were starting. */
  readonly startUpUsd: Usd;
}

const weekHours = 168;

export const serviceStory = (
  usage: FargateUsage,
  context: PlanContext,
  /** How much of it is played again. Absent: nothing. */
  effort?: ReplayEffort,
  /** Its part of what Sluice itself costs. */
  ownUsdPerMonth: Usd = 0,
): ServiceStory => {
  const { hours } = context.usage;
  const told = Math.min(hours, weekHours);
  const jobsByHour = last(usage.hourly.jobs, told);
  const jobs = sumOf(jobsByHour);
  const usd = usdBetween(usage, context, hours - told, hours);
  const previousUsd = hours >= 2 * weekHours ? usdBetween(usage, context, hours - 2 * told, hours - told) : undefined;
  const usdPerTaskHour = blendedUsdPerHour(usage, context);
  const replayed =
    usdPerTaskHour === undefined || effort === undefined
      ? undefined
      : replayWeek(usage, usdPerTaskHour, told, context.settings.seed, effort);
  const replay = replayed && { ...replayed, ran: ranIn(usage, context, replayed) };
  const pattern = patternOf(usage.hourly.jobs ?? []);
  const forecast = forecastOf(usage.hourly.jobs ?? []);
  const alsoUsd = beside(usage, told, ownUsdPerMonth);
  const money = usd === undefined ? undefined : moneyUse(usage, told, usd, jobs);
  return {
    name: usage.label ?? usage.name,
    region: usage.region,
    ...(usage.owner === undefined ? {} : { owner: usage.owner }),
    ...(usd === undefined ? {} : { usd }),
    ...(previousUsd === undefined ? {} : { previousUsd }),
    jobs,
    alsoUsd,
    ...(usd === undefined || jobs === 0
      ? {}
      : { usdPerJob: (usd + alsoUsd.reduce((sum, also) => sum + also.usd, 0)) / jobs }),
    ...(usage.slo === undefined ? {} : { slo: { ...usage.slo, ...attained(usage, told, jobs) } }),
    ...(money === undefined ? {} : { money }),
    ...(replay === undefined ? { noReplay: whyNoReplay(usage, effort) } : { replay }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(forecast === undefined ? {} : { forecast }),
    anomalies: anomaliesOf(usage.hourly.jobs ?? []),
    tasks: last(usage.hourly.tasks, told),
    jobsByHour,
  };
};

/** Services share Sluice in equal parts: that is how its cost comes about. */
const beside = ({ overheads = [] }: FargateUsage, hours: number, ownUsdPerMonth: Usd): ServiceStory['alsoUsd'] => [
  ...overheads.map(({ what, usdPerHour }) => ({ what, usd: usdPerHour * hours })),
  ...(ownUsdPerMonth > 0 ? [{ what: 'Sluice itself', usd: (ownUsdPerMonth * hours) / hoursPerMonth }] : []),
];

const last = (series: Series | undefined, hours: number): Series => (series ?? []).slice(-hours);

/** Undefined: no price is known, or nobody saw a task in all that time. */
const usdBetween = (usage: FargateUsage, { book }: PlanContext, from: number, to: number): Usd | undefined => {
  if (usage.hourly.tasks.slice(from, to).every((count) => count === null)) return undefined;
  const tasks = Float64Array.from(usage.hourly.tasks.slice(from, to), (count) => count ?? 0);
  const state: FargateState = {
    kind: 'fargate',
    usage,
    size: usage.size,
    architecture: usage.architecture,
    tasks,
    onDemand: tasks.map((count, h) =>
      Math.min(count, usage.hourly.onDemand?.[from + h] ?? count * (1 - usage.spotShare)),
    ),
    minimum: new Float64Array(tasks.length),
    max: usage.bounds.max,
    slowdown: 1,
    spotRework: 1,
  };
  const lines = linesOf(state, book, to - from);
  return lines?.reduce((sum, line) => sum + usdOf(line.usd), 0);
};

/** An hour of one task as the service pays it: some on demand, some on Spot, each with its address. */
const blendedUsdPerHour = (
  { region, architecture, size, spotShare, publicIpv4 }: FargateUsage,
  { book }: PlanContext,
): Usd | undefined => {
  const onDemand = taskUsdPerHour(book, region, architecture, size, 'onDemand');
  const spot = spotShare > 0 ? taskUsdPerHour(book, region, architecture, size, 'spot') : 0;
  if (onDemand === undefined || spot === undefined) return undefined;
  return onDemand * (1 - spotShare) + spot * spotShare + (publicIpv4 ? book.ipv4UsdPerHour : 0);
};

const ranIn = (usage: FargateUsage, context: PlanContext, { fromHour, hours }: Replay): ToldReplay['ran'] => {
  const usd = usdBetween(usage, context, fromHour, fromHour + hours);
  const jobs = sumOf(usage.hourly.jobs?.slice(fromHour, fromHour + hours));
  const late = usage.hourly.late && sumOf(usage.hourly.late.slice(fromHour, fromHour + hours));
  return {
    ...(usd === undefined ? {} : { usd }),
    ...(late === undefined || jobs === 0 ? {} : { attainedPercent: 100 * (1 - late / jobs) }),
  };
};

const attained = (
  { hourly, slo }: FargateUsage,
  hours: number,
  jobs: number,
): { readonly attainedPercent?: Percent; readonly errorBudgetUsedPercent?: Percent } => {
  if (hourly.late === undefined || slo === undefined || jobs === 0) return {};
  const late = sumOf(last(hourly.late, hours));
  const allowed = jobs * (1 - slo.percent / 100);
  return {
    attainedPercent: 100 * (1 - late / jobs),
    errorBudgetUsedPercent: allowed > 0 ? (100 * late) / allowed : late > 0 ? Number.POSITIVE_INFINITY : 0,
  };
};

/** By task-seconds: busy with jobs that counted, busy with jobs that failed, starting, and the rest. */
const moneyUse = (usage: FargateUsage, hours: number, usd: Usd, jobs: number): MoneyUse | undefined => {
  const tasks = last(usage.hourly.tasks, hours);
  const taskSeconds = sumOf(tasks) * 3600;
  if (usage.serviceSeconds === undefined || taskSeconds === 0) return undefined;
  const secondsOf = (count: number): number => (count * (usage.serviceSeconds?.mean ?? 0)) / usage.concurrency;
  const failed = Math.min(taskSeconds, secondsOf(sumOf(last(usage.hourly.failed, hours))));
  const useful = Math.min(taskSeconds - failed, secondsOf(jobs));
  const starting = Math.min(taskSeconds - failed - useful, startsIn(tasks) * usage.startSeconds.median);
  const share = (seconds: number): Usd => (usd * seconds) / taskSeconds;
  return {
    usefulUsd: share(useful),
    retriedUsd: share(failed),
    startUpUsd: share(starting),
    warmIdleUsd: share(taskSeconds - useful - failed - starting),
  };
};

/** At least: what the hourly means rose by. */
const startsIn = (tasks: Series): number => {
  let starts = 0;
  for (let h = 1; h < tasks.length; h++) starts += Math.max(0, (tasks[h] ?? 0) - (tasks[h - 1] ?? 0));
  return starts;
};

const whyNoReplay = (usage: FargateUsage, effort: ReplayEffort | undefined): string => {
  if (usage.slo === undefined) return 'It has no objective to replay it under.';
  if (usage.serviceSeconds === undefined) return 'Nobody measured how long its jobs take.';
  if (usage.arrivalsByMinute === undefined) return 'Its arrivals are not known minute by minute.';
  if (effort === undefined) return 'Dearer services were replayed instead; `sluice backtest` replays this one.';
  return 'It had no jobs, or more than a report can replay.';
};
