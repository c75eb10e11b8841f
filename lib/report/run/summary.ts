import type { DecisionRecord } from '../../model/decision.ts';
import type { JobCounts } from '../../model/job-counts.ts';
import type { Percent, Seconds, Usd } from '../../model/units.ts';
import { costOfRun } from './cost.ts';
import { quantile } from './quantile.ts';
import type { JobStart, RunRecord, ServiceRun, TourStep } from './run-record.ts';

export interface SloSummary {
  readonly percent: Percent;
  readonly startWithinSeconds: Seconds;
  /**
   * Share of the jobs that started within the objective of their own queue, in percent. Lost and expired jobs count
   * as late. Null: no job has started, so nothing can be said.
   */
  readonly attainedPercent: Percent | null;
}

export interface WaitSummary {
  readonly p50: Seconds | null;
  readonly p95: Seconds | null;
  readonly p99: Seconds | null;
  readonly max: Seconds | null;
}

export interface ServiceSummary {
  readonly jobs: JobCounts;
  /** Of the strictest queue; null for a service without a queue. */
  readonly slo: SloSummary | null;
  readonly waitSeconds: WaitSummary;
  readonly queues: Readonly<Record<string, SloSummary & { readonly waitSeconds: WaitSummary }>>;
  readonly tasks: {
    readonly peak: number;
    readonly min: number;
    readonly max: number;
    readonly started: number;
    readonly taskSeconds: Seconds;
    readonly billedTaskSeconds: Seconds;
    readonly backAtMin: boolean;
  };
  readonly scaling: { readonly actions: number; readonly decisions: number };
  readonly usd: Usd;
  readonly usdBySecond: Usd;
  readonly staticUsd: Usd;
}

/** The content of `out/summary.json`. Fields may be added; those of `docs` stay. */
export interface RunSummary {
  readonly jobs: JobCounts;
  /** `percent` and `startWithinSeconds` are the strictest objective of the run; `attainedPercent` is over all its jobs. */
  readonly slo: SloSummary | null;
  readonly tasks: { readonly peak: number; readonly taskSeconds: Seconds };
  readonly scaling: { readonly actions: number };
  readonly usd: Usd;
  readonly staticUsd: Usd;
  readonly services: Readonly<Record<string, ServiceSummary>>;
  /** What was shown of the job API. Absent: nothing was. */
  readonly tour?: readonly TourStep[];
  readonly run: {
    readonly title: string;
    readonly seed: number;
    readonly minutes: number;
    readonly startSeconds: Seconds;
    readonly startedAt: string;
    readonly seconds: Seconds;
    readonly firstDecisionSeconds: Seconds | null;
    readonly workerCores: { readonly mean: number; readonly peak: number };
    /** The workers took so much of the machine that the waits cannot be trusted. */
    readonly cpuOver: boolean;
    readonly finished: boolean;
    readonly interrupted: string | null;
    readonly problems: readonly string[];
  };
}

/** One run in numbers. */
export const summarise = (record: RunRecord): RunSummary => {
  const services = Object.fromEntries(record.services.map((run) => [run.plan.service, summariseService(run, record)]));
  const all = Object.values(services);
  return {
    jobs: addJobs(record.services.map((run) => run.jobs)),
    slo: overallSlo(record.services),
    tasks: { peak: peakOfAll(record.services), taskSeconds: round(total(all.map((s) => s.tasks.taskSeconds)), 1) },
    scaling: { actions: total(all.map((s) => s.scaling.actions)) },
    usd: round(total(all.map((s) => s.usd)), 6),
    staticUsd: round(total(all.map((s) => s.staticUsd)), 6),
    services,
    ...(record.tour !== undefined && { tour: record.tour }),
    run: runFacts(record),
  };
};

const runFacts = (record: RunRecord): RunSummary['run'] => ({
  title: record.settings.title,
  seed: record.settings.seed,
  minutes: record.settings.minutes,
  startSeconds: record.settings.startSeconds,
  startedAt: new Date(record.startedAt * 1000).toISOString(),
  seconds: round(record.endedT, 1),
  firstDecisionSeconds: record.firstDecisionT === undefined ? null : round(record.firstDecisionT, 1),
  workerCores: { mean: round(record.cpu.meanCores, 2), peak: round(record.cpu.peakCores, 2) },
  cpuOver: record.cpu.meanCores > record.cpu.limitCores || record.cpu.peakCores > record.cpu.limitCores,
  finished: record.interrupted === undefined && record.problems.length === 0,
  interrupted: record.interrupted ?? null,
  problems: record.problems,
});

const summariseService = (run: ServiceRun, record: RunRecord): ServiceSummary => {
  const peak = Math.max(0, ...run.samples.map((sample) => sample.running));
  const cost = costOfRun(run, peak, record.endedT - (record.jobsFromT ?? record.endedT), record.endedT);
  const last = run.samples.at(-1);
  const { min, max } = run.plan.tasks;
  return {
    jobs: run.jobs,
    slo: overallSlo([run]),
    waitSeconds: summariseWaits(run.starts),
    queues: Object.fromEntries(
      run.plan.queues.map((queue) => {
        const starts = run.starts.filter((start) => start.queue === queue.name);
        const slo = { percent: queue.percent, startWithinSeconds: queue.startWithinSeconds };
        return [queue.name, { ...slo, attainedPercent: attained(run, starts, 0), waitSeconds: summariseWaits(starts) }];
      }),
    ),
    tasks: {
      peak,
      min,
      max,
      started: run.tasks.length,
      taskSeconds: round(cost.taskSeconds, 1),
      billedTaskSeconds: round(cost.billedTaskSeconds, 1),
      backAtMin: last !== undefined && last.desired === min && last.running === min,
    },
    scaling: { actions: run.decisions.filter(isAction).length, decisions: run.decisions.length },
    usd: round(cost.usd, 6),
    usdBySecond: round(cost.usdBySecond, 6),
    staticUsd: round(cost.staticUsd, 6),
  };
};

/** A decision that changed the desired count. */
export const isAction = ({ decision }: DecisionRecord): boolean => decision.kind === 'scale' && !decision.shadow;

/** Started within the objective of its own queue. */
export const isOnTime = (run: ServiceRun, start: JobStart): boolean => {
  const queue = run.plan.queues.find((candidate) => candidate.name === start.queue);
  return queue === undefined || start.waitSeconds <= queue.startWithinSeconds;
};

const overallSlo = (runs: readonly ServiceRun[]): SloSummary | null => {
  const objectives = runs.flatMap((run) => run.plan.queues);
  const strictest = objectives.toSorted(
    (a, b) => a.startWithinSeconds - b.startWithinSeconds || b.percent - a.percent,
  )[0];
  if (strictest === undefined) return null;
  const onTime = total(runs.map((run) => run.starts.filter((start) => isOnTime(run, start)).length));
  const jobs = total(runs.map((run) => run.starts.length + run.jobs.lost + run.jobs.expired));
  return {
    percent: strictest.percent,
    startWithinSeconds: strictest.startWithinSeconds,
    attainedPercent: share(onTime, jobs),
  };
};

const attained = (run: ServiceRun, starts: readonly JobStart[], never: number): Percent | null =>
  share(starts.filter((start) => isOnTime(run, start)).length, starts.length + never);

// Rounded down: 99.996 % must not read as a promise of 100 % that was kept.
const share = (part: number, whole: number): Percent | null =>
  whole === 0 ? null : Math.floor((part / whole) * 1e4) / 100;

const summariseWaits = (starts: readonly JobStart[]): WaitSummary => {
  const waits = starts.map((start) => start.waitSeconds);
  const at = (q: number): Seconds | null => {
    const value = quantile(waits, q);
    return value === undefined ? null : round(value, 2);
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
};

/** The services are sampled at the same instants, so their n-th samples belong together. */
const peakOfAll = (runs: readonly ServiceRun[]): number => {
  const longest = Math.max(0, ...runs.map((run) => run.samples.length));
  const totals = Array.from({ length: longest }, (_, i) => total(runs.map((run) => run.samples[i]?.running ?? 0)));
  return Math.max(0, ...totals);
};

export const addJobs = (counts: readonly JobCounts[]): JobCounts => {
  const of = (key: keyof JobCounts): number => total(counts.map((count) => count[key]));
  return {
    submitted: of('submitted'),
    done: of('done'),
    failed: of('failed'),
    expired: of('expired'),
    cancelled: of('cancelled'),
    queued: of('queued'),
    running: of('running'),
    lost: of('lost'),
  };
};

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const round = (value: number, digits: number): number => Number(value.toFixed(digits));
