import type { Seconds } from '../../model/units.ts';
import { renderChart } from '../charts/chart.ts';
import { clockTicks, niceTicks, wholeTicks } from '../charts/scale.ts';
import { clock, count, counted, duration } from './format.ts';
import { quantile } from './quantile.ts';
import type { JobStart, RunRecord, ServiceRun, ServiceSample } from './run-record.ts';
import { isOnTime } from './summary.ts';

/** More dots than this neither show more nor load fast. Late jobs are always all there. */
const maxDots = 2000;

/** Arrivals, tasks, backlog and waits of one service over the run, on one time axis. */
export const renderServiceCharts = (run: ServiceRun, record: RunRecord): string => {
  const axis = {
    xMax: record.endedT,
    xTicks: clockTicks(record.endedT),
    xFormat: clock,
  };
  const id = (name: string): string => `${run.plan.service.replace(/[^\w-]/g, '-')}-${name}`;
  return [
    renderChart({ ...axis, ...arrivals(run, record.endedT), id: id('arrivals') }),
    renderChart({ ...axis, ...tasks(run), id: id('tasks') }),
    renderChart({ ...axis, ...backlog(run), id: id('backlog') }),
    renderChart({ ...axis, ...waits(run), id: id('waits') }),
  ].join('\n');
};

const arrivals = (run: ServiceRun, endedT: Seconds) => {
  const bucket = Math.max(1, Math.ceil(endedT / 180));
  const perSecond = arrivalRates(run.samples, bucket);
  const peak = Math.max(0, ...perSecond.map(([, rate]) => rate));
  return {
    title: 'Jobs sent per second',
    description: `${counted(run.jobs.submitted, 'job')} in all, at most ${peak.toFixed(1)} a second${bucket > 1 ? ` as a mean over ${bucket} s` : ''}.`,
    yTicks: niceTicks(peak, 3),
    yFormat: (y: number) => `${y} / s`,
    series: [{ name: 'arrivals', kind: 'area', colour: 3, points: perSecond }] as const,
  };
};

/** Differences of the running total, by buckets of time; [start of the bucket, jobs a second]. */
export const arrivalRates = (
  samples: readonly ServiceSample[],
  bucketSeconds: Seconds,
): readonly (readonly [Seconds, number])[] => {
  const rates: (readonly [Seconds, number])[] = [];
  let from: ServiceSample | undefined;
  for (const sample of samples) {
    from ??= sample;
    // Samples come every second, give or take: half a second less must still close the bucket.
    if (sample.t - from.t < bucketSeconds - 0.5) continue;
    rates.push([from.t, (sample.submitted - from.submitted) / (sample.t - from.t)]);
    from = sample;
  }
  return rates.length === 0 ? rates : [[0, 0], ...rates, [from?.t ?? 0, 0]];
};

const tasks = (run: ServiceRun) => {
  const peak = Math.max(1, ...run.samples.map((s) => Math.max(s.desired, s.running)));
  const last = run.samples.at(-1);
  return {
    title: 'Tasks',
    description: `Desired went up to ${count(Math.max(0, ...run.samples.map((s) => s.desired)))}, running up to ${count(Math.max(0, ...run.samples.map((s) => s.running)))}; at the end ${counted(last?.running ?? 0, 'task')} ran. Allowed: ${run.plan.tasks.min} to ${run.plan.tasks.max}.`,
    yTicks: wholeTicks(peak, 4),
    yFormat: count,
    series: [
      { name: 'running', kind: 'area', colour: 1, points: run.samples.map((s) => [s.t, s.running] as const) },
      { name: 'desired', kind: 'steps', colour: 2, points: run.samples.map((s) => [s.t, s.desired] as const) },
    ] as const,
  };
};

const backlog = (run: ServiceRun) => {
  const total = (s: ServiceSample): number => s.waiting + s.inFlight;
  const highest = Math.max(1, ...run.samples.map(total));
  return {
    title: 'Backlog',
    description: `At most ${counted(Math.max(0, ...run.samples.map((s) => s.waiting)), 'job')} waited at once, and at most ${count(Math.max(0, ...run.samples.map((s) => s.inFlight)))} were in flight.`,
    yTicks: wholeTicks(highest, 3),
    yFormat: count,
    series: [
      {
        name: 'waiting and in flight',
        kind: 'area',
        colour: 1,
        points: run.samples.map((s) => [s.t, total(s)] as const),
      },
      { name: 'waiting', kind: 'area', colour: 4, points: run.samples.map((s) => [s.t, s.waiting] as const) },
    ] as const,
  };
};

const waits = (run: ServiceRun) => {
  const late = run.starts.filter((start) => !isOnTime(run, start));
  const onTime = run.starts.filter((start) => isOnTime(run, start));
  const objective = Math.min(...run.plan.queues.map((queue) => queue.startWithinSeconds));
  const longest = Math.max(0, ...run.starts.map((start) => start.waitSeconds));
  const shown = thin(onTime, maxDots);
  const all = run.starts.map((start) => start.waitSeconds);
  return {
    title: 'Wait of each job until it started',
    description: `Half of the jobs waited at most ${duration(quantile(all, 0.5) ?? 0)}, 95 % at most ${duration(quantile(all, 0.95) ?? 0)}, the longest ${duration(longest)}; ${counted(late.length, 'job')} started late.${shown.length < onTime.length ? ` Of those on time, ${count(shown.length)} of ${count(onTime.length)} are drawn.` : ''}`,
    yTicks: niceTicks(Math.max(longest, Number.isFinite(objective) ? objective * 1.2 : 1), 4),
    yFormat: duration,
    series: [
      { name: `on time`, kind: 'dots', colour: 1, points: shown.map(dot) },
      { name: 'late', kind: 'dots', colour: 4, points: late.map(dot) },
    ] as const,
    ...(Number.isFinite(objective) ? { level: { y: objective, label: `objective ${duration(objective)}` } } : {}),
  };
};

/** A job is drawn when it started. */
const dot = (start: JobStart): readonly [number, number] => [start.sentT + start.waitSeconds, start.waitSeconds];

/** Every n-th, so that at most `most` remain. */
const thin = <T>(all: readonly T[], most: number): readonly T[] => {
  const every = Math.ceil(all.length / most);
  return every <= 1 ? all : all.filter((_, i) => i % every === 0);
};
