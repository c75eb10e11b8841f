import type { Percent, Seconds } from '../../model/units.ts';
import type { Situation } from '../../simulate/baselines/situation.ts';
import type { Setup } from '../../simulate/engine/setup.ts';
import { runScaler } from '../../simulate/run-scaler.ts';
import { drawJobs, type SimulatedJobs } from '../../simulate/simulated-jobs.ts';
import type { TraceBucket } from '../../simulate/trace-file.ts';
import { realisticWorld, worlds } from '../../simulate/world.ts';
import { cpuBoundShare } from '../plan/sizes/cpu-bound-share.ts';
import type { FargateUsage, Usage } from '../usage/usage.ts';
import type { RecordedDay } from './recorded-days.ts';
import { serviceCvOf } from './service-cv.ts';
import { scalerOf, type Way } from './way.ts';

export interface Promised {
  readonly percent: Percent;
  readonly startWithinSeconds: Seconds;
}

/** One hour of a replayed day. */
export interface PlayedHour {
  readonly hour: number;
  readonly jobs: number;
  /** The minimum in force. */
  readonly level: number;
  /** Billed, on average. */
  readonly tasks: number;
}

export interface PlayedDay {
  readonly day: RecordedDay;
  readonly hours: readonly PlayedHour[];
  readonly judged: number;
  readonly late: number;
  /** Of the jobs that started. */
  readonly waits: Float32Array;
}

export interface DayPlay {
  readonly usage: FargateUsage;
  readonly window: Pick<Usage, 'from' | 'hours' | 'timeZone'>;
  readonly way: Way;
  readonly day: RecordedDay;
  readonly promise: Promised;
  /** Run time of a job ÷ the recorded one. */
  readonly slowdown: number;
  readonly tickSeconds: Seconds;
  readonly seed: number;
}

/** More jobs than this are not replayed: a Lambda has seconds. */
const jobsMax = 200_000;
/** Before the day itself, so that it begins as days do: at work. */
const warmHours = 1;

/** A day's arrivals, drawn from what was recorded of them, under one way of scaling. Undefined: too many jobs. */
export const playDay = (play: DayPlay): PlayedDay | undefined => {
  const { usage, window, way, day, promise, tickSeconds } = play;
  const first = usage.hourly.jobs?.[day.from - warmHours] == null ? day.from : day.from - warmHours;
  const warmSeconds = (day.from - first) * 3600;
  const jobs = jobsOf(play, first);
  if (jobs === undefined) return undefined;
  const setup = setupOf(play, first);
  const situation: Situation = {
    ...promise,
    meanServiceSeconds: (usage.serviceSeconds?.mean ?? 1) * play.slowdown,
    concurrency: usage.concurrency,
    bounds: setup.bounds,
    initial: setup.initial,
    stopTimeoutSeconds: setup.stopTimeoutSeconds,
    tickSeconds,
    startEpoch: window.from + first * 3600,
  };
  const slowed =
    usage.serviceSeconds === undefined
      ? usage
      : { ...usage, serviceSeconds: { ...usage.serviceSeconds, mean: situation.meanServiceSeconds } };
  const scaler = scalerOf(
    way,
    { usage: slowed, from: window.from, timeZone: window.timeZone, situation },
    first,
    day.to,
  );
  const taskSeconds = new Float64Array(day.to - first + 1);
  const outcome = runScaler(
    jobs,
    { ...setup, initial: clamp(setup.initial, scaler.bounds ?? setup.bounds) },
    scaler.initial === undefined ? scaler : { ...scaler, initial: scaler.initial },
    ({ t, running, pending }) => {
      const h = Math.min(taskSeconds.length - 1, Math.floor(t / 3600));
      taskSeconds[h] = (taskSeconds[h] as number) + (running + billedOfPending * pending) * scaler.tickSeconds;
    },
  );
  const sampled = taskSeconds.reduce((sum, seconds) => sum + seconds, 0);
  // Ticks sample the counts; the bill itself is exact.
  const scale = sampled === 0 ? 0 : outcome.billedSeconds / sampled;
  const hours = Array.from({ length: day.to - day.from }, (_, i): PlayedHour => {
    const hour = day.from + i;
    return {
      hour,
      jobs: usage.hourly.jobs?.[hour] ?? 0,
      level: way.minimum[hour] as number,
      tasks: ((taskSeconds[hour - first] as number) * scale) / 3600,
    };
  });
  return { day, hours, ...judged(jobs, outcome.waits, warmSeconds, promise.startWithinSeconds) };
};

const billedOfPending = worlds.realistic.startDelay.pullShare;

const clamp = (count: number, { min, max }: { readonly min: number; readonly max: number }): number =>
  Math.max(min, Math.min(max, count));

const setupOf = ({ usage, way, promise, day, seed }: DayPlay, first: number): Setup => {
  const { startSeconds, concurrency, hourly } = usage;
  const most = way.minimum.subarray(first, day.to).reduce((max, level) => Math.max(max, level), way.max);
  const share = hourly.cpuMeanPercent === undefined ? undefined : cpuBoundShare(usage);
  return {
    seed,
    concurrency,
    startWithinSeconds: promise.startWithinSeconds,
    bounds: { min: 0, max: Math.max(1, most) },
    initial: Math.round(hourly.tasks[first] ?? way.minimum[first] ?? 0),
    protect: true,
    stopTimeoutSeconds: 120,
    visibilitySeconds: 60,
    ...(share === undefined || share === 0 ? {} : { cpuOfBusySlots: share }),
    world: realisticWorld(startSeconds),
  };
};

const jobsOf = ({ usage, window, day, slowdown, seed }: DayPlay, first: number): SimulatedJobs | undefined => {
  const { serviceSeconds, arrivalsByMinute = [], hourly } = usage;
  if (serviceSeconds === undefined) return undefined;
  const minuteOf = (h: number): number => arrivalsByMinute.length - (window.hours - h) * 60;
  const buckets: TraceBucket[] = [];
  for (let h = first; h < day.to; h++) {
    const second = (h - first) * 3600;
    for (let minute = 0; minute < 60; minute++) {
      const at = minuteOf(h) + minute;
      const jobs = at < 0 ? (hourly.jobs?.[h] ?? 0) / 60 : (arrivalsByMinute[at] ?? 0);
      buckets.push({ second: second + minute * 60, widthSeconds: 60, jobs });
    }
  }
  if (buckets.reduce((sum, bucket) => sum + bucket.jobs, 0) > jobsMax) return undefined;
  return drawJobs({
    buckets,
    // Another day is another draw, and the same day the same one under every way.
    seed: seed + day.from,
    scale: 1,
    meanServiceSeconds: serviceSeconds.mean * slowdown,
    serviceCv: serviceCvOf(serviceSeconds),
  });
};

/** Of the jobs that came within the day; those too young to be late at its end are neither. */
const judged = (
  { count, arrivalSeconds, endSeconds }: SimulatedJobs,
  waits: Float32Array,
  warmSeconds: Seconds,
  startWithinSeconds: Seconds,
): Pick<PlayedDay, 'judged' | 'late' | 'waits'> => {
  const started: number[] = [];
  let all = 0;
  let late = 0;
  for (let job = 0; job < count; job++) {
    const arrival = arrivalSeconds[job] as number;
    if (arrival < warmSeconds) continue;
    const wait = waits[job] as number;
    if (!Number.isNaN(wait)) started.push(wait);
    if (wait <= startWithinSeconds) all += 1;
    else if (endSeconds - arrival > startWithinSeconds) {
      all += 1;
      late += 1;
    }
  }
  return { judged: all, late, waits: Float32Array.from(started) };
};
