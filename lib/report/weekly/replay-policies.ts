import type { Seconds, Usd } from '../../model/units.ts';
import type { Situation } from '../../simulate/baselines/situation.ts';
import type { Setup } from '../../simulate/engine/setup.ts';
import { play } from '../../simulate/play.ts';
import type { PolicyChoice } from '../../simulate/policy-name.ts';
import { drawJobs, type SimulatedJobs } from '../../simulate/simulated-jobs.ts';
import { realisticWorld } from '../../simulate/world.ts';
import { serviceCvOf } from '../replay/service-cv.ts';
import type { FargateUsage } from '../usage/usage.ts';
import type { ReplayEffort } from './replay-effort.ts';

/** What a policy would have cost on the arrivals of the week, and what it would have kept. */
export interface ReplayedPolicy {
  readonly name: string;
  readonly taskHours: number;
  readonly usd: Usd;
  readonly attainedPercent: number;
}

/** The price of a promise: the same week with another `startWithinSeconds`. */
export interface PriceOfPromise {
  readonly startWithinSeconds: Seconds;
  readonly usdPerMonth: Usd;
  readonly attainedPercent: number;
}

export interface Replay {
  readonly slo: ReplayedPolicy;
  /** The cheapest fixed fleet that keeps the promise. */
  readonly static: ReplayedPolicy;
  /** AWS target tracking on backlog per task, at its defaults. */
  readonly targetTracking: ReplayedPolicy;
  readonly promises: readonly PriceOfPromise[];
  /** Hours of arrivals that were replayed: these of the window, from 0. */
  readonly hours: number;
  readonly fromHour: number;
  /** All of the week that is told, or its day with the most jobs; money of a day is scaled to the week by its jobs. */
  readonly what: ReplayEffort['what'];
  readonly tickSeconds: Seconds;
}

/** More jobs than this are not replayed, and the report says so: a Lambda has seconds. */
const jobsMax = 400_000;

/**
 * Plays the week again, or its busiest day, once under each policy, on the minutes of arrivals that were recorded.
 * Undefined when there are none or too many, or nobody knows how long a job takes.
 */
export const replayWeek = (
  usage: FargateUsage,
  usdPerTaskHour: Usd,
  hours: number,
  seed: number,
  effort: ReplayEffort = { what: 'week', tickSeconds: 10 },
): Replay | undefined => {
  const { slo, serviceSeconds, arrivalsByMinute } = usage;
  if (arrivalsByMinute === undefined || slo === undefined || serviceSeconds === undefined) return undefined;
  const told = wholeHours(arrivalsByMinute).slice(-hours * 60);
  const { minutes, minutesAfter } = effort.what === 'week' ? { minutes: told, minutesAfter: 0 } : busiestDay(told);
  const jobs = jobsOf(minutes, serviceSeconds, seed);
  if (jobs === undefined) return undefined;
  const { min, max } = usage.bounds;
  const room = { min: 0, max: min === max ? 2 * max : max };
  const run = (choice: PolicyChoice, startWithinSeconds: Seconds): ReplayedPolicy => {
    // Rivals are free of a minimum that was set for another policy, and nothing scales where the bounds meet.
    const isOurs = choice.kind === 'baseline' && choice.name === 'slo' && min < max;
    const bounded = isOurs ? usage : { ...usage, bounds: room };
    return playOn(jobs, choice, bounded, startWithinSeconds, slo.percent, usdPerTaskHour, seed, effort.tickSeconds);
  };
  const within = slo.startWithinSeconds;
  const today = run({ kind: 'baseline', name: 'slo', tuned: false }, within);
  // A day stands for the week by its share of the jobs: twice its jobs, twice its money, and never more than day for day.
  const toldOverPlayed = Math.min(told.length / minutes.length, sum(told) / sum(minutes));
  const perMonthFactor = (730 / (told.length / 60)) * toldOverPlayed;
  const promise = (seconds: Seconds, played: ReplayedPolicy): PriceOfPromise => ({
    startWithinSeconds: seconds,
    usdPerMonth: played.usd * perMonthFactor,
    attainedPercent: played.attainedPercent,
  });
  return {
    slo: today,
    static: run({ kind: 'static' }, within),
    targetTracking: run({ kind: 'baseline', name: 'targetTracking', tuned: false }, within),
    promises: [
      promise(within / 2, run({ kind: 'baseline', name: 'slo', tuned: false }, within / 2)),
      promise(within, today),
      promise(within * 2, run({ kind: 'baseline', name: 'slo', tuned: false }, within * 2)),
    ],
    hours: minutes.length / 60,
    fromHour: usage.hourly.tasks.length - (minutesAfter + minutes.length) / 60,
    what: effort.what,
    tickSeconds: effort.tickSeconds,
  };
};

/** `slo` on the recorded day with the most jobs, each of which takes `slowdown` times as long. Undefined: as above. */
export const playBusiestDay = (
  usage: FargateUsage,
  slowdown: number,
  tickSeconds: Seconds,
  seed: number,
): ReplayedPolicy | undefined => {
  const { arrivalsByMinute, slo, serviceSeconds } = usage;
  if (arrivalsByMinute === undefined || slo === undefined || serviceSeconds === undefined) return undefined;
  const slowed = {
    ...usage,
    serviceSeconds: { mean: serviceSeconds.mean * slowdown, p99: serviceSeconds.p99 * slowdown },
  };
  const jobs = jobsOf(busiestDay(arrivalsByMinute).minutes, slowed.serviceSeconds, seed);
  if (jobs === undefined) return undefined;
  const choice = { kind: 'baseline', name: 'slo', tuned: false } as const;
  return playOn(jobs, choice, slowed, slo.startWithinSeconds, slo.percent, 0, seed, tickSeconds);
};

const jobsOf = (
  minutes: readonly number[],
  serviceSeconds: NonNullable<FargateUsage['serviceSeconds']>,
  seed: number,
): SimulatedJobs | undefined => {
  const total = sum(minutes);
  if (total === 0 || total > jobsMax) return undefined;
  const jobs = drawJobs({
    buckets: minutes.map((count, minute) => ({ second: minute * 60, jobs: count, widthSeconds: 60 })),
    seed,
    scale: 1,
    meanServiceSeconds: serviceSeconds.mean,
    serviceCv: serviceCvOf(serviceSeconds),
  });
  return jobs.count === 0 ? undefined : jobs;
};

const playOn = (
  jobs: SimulatedJobs,
  choice: PolicyChoice,
  usage: FargateUsage,
  startWithinSeconds: Seconds,
  percent: number,
  usdPerTaskHour: Usd,
  seed: number,
  tickSeconds: Seconds,
): ReplayedPolicy => {
  const { concurrency, bounds, startSeconds } = usage;
  const stopTimeoutSeconds = 120;
  const setup: Setup = {
    seed,
    concurrency,
    startWithinSeconds,
    bounds,
    initial: Math.max(1, bounds.min),
    protect: true,
    stopTimeoutSeconds,
    visibilitySeconds: 60,
    world: realisticWorld(startSeconds),
  };
  const situation: Situation = {
    percent,
    startWithinSeconds,
    meanServiceSeconds: usage.serviceSeconds?.mean ?? 1,
    concurrency,
    bounds,
    initial: setup.initial,
    stopTimeoutSeconds,
    tickSeconds,
    startEpoch: 0,
  };
  const { outcome } = play(choice, { jobs, setup, situation }, () => {
    throw new Error('no configs are replayed here');
  });
  const taskHours = outcome.billedSeconds / 3600;
  return {
    name: choice.kind === 'baseline' ? choice.name : choice.kind,
    taskHours,
    usd: taskHours * usdPerTaskHour,
    attainedPercent: 100 * outcome.attained,
  };
};

const sum = (counts: readonly number[]): number => counts.reduce((all, jobs) => all + jobs, 0);

/** They end with the last hour, so what hangs over is at the beginning. */
const wholeHours = (minutes: readonly number[]): readonly number[] => minutes.slice(minutes.length % 60);

interface BusiestDay {
  readonly minutes: readonly number[];
  /** From its end to the end of all. */
  readonly minutesAfter: number;
}

/** Whole days from the end back; the one with the most jobs. */
const busiestDay = (all: readonly number[]): BusiestDay => {
  let best: BusiestDay = { minutes: all.slice(-1440), minutesAfter: 0 };
  for (let end = all.length - 1440; end >= 1440; end -= 1440) {
    const minutes = all.slice(end - 1440, end);
    if (sum(minutes) > sum(best.minutes)) best = { minutes, minutesAfter: all.length - end };
  }
  return best;
};
