import type { DecisionRecord } from '../../model/decision.ts';
import type { ServicePlan } from '../../model/plan.ts';
import type { EpochSeconds, Percent, Seconds } from '../../model/units.ts';
import { plannedScaler } from '../baselines/planned-scaler.ts';
import type { Outcome } from '../engine/outcome.ts';
import type { Setup } from '../engine/setup.ts';
import { type WaitQuantiles, waitQuantiles } from '../engine/wait-quantiles.ts';
import { runScaler } from '../run-scaler.ts';
import type { Scaler } from '../scaler.ts';
import { drawJobs, type SimulatedJobs } from '../simulated-jobs.ts';
import { worlds } from '../world.ts';
import { type ShadowLog, shadowLog } from './shadow-log.ts';

/** What one of the two made, or would have made, of the same jobs. */
export interface ModelledSide {
  readonly taskHours: number;
  readonly attainedPercent: Percent;
  readonly waitSeconds: WaitQuantiles;
  readonly scaleActions: number;
  readonly killedJobs: number;
  /** Mean of the jobs that waited, tick by tick. */
  readonly meanVisible: number;
}

/** A stretch of a decision log, lived through twice. */
export interface ShadowComparison {
  readonly service: string;
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  readonly promise: { readonly percent: Percent; readonly startWithinSeconds: Seconds };
  /** As the log has it, nothing modelled. */
  readonly recorded: ShadowLog['recorded'];
  readonly jobs: number;
  readonly serviceSeconds: Seconds;
  readonly serviceSecondsFrom: ShadowLog['serviceSecondsFrom'];
  /** The counts that were really asked for, on modelled jobs and tasks. */
  readonly present: ModelledSide;
  /** Lowest and highest of twelve draws of the jobs; `present` is the one whose backlog is nearest to the log's. */
  readonly presentAttainedRange: readonly [Percent, Percent];
  /** The plan on the same. */
  readonly sluice: ModelledSide;
  /** What the model of the past leaves to be desired, in words. Empty: nothing that is known. */
  readonly doubts: readonly string[];
}

export interface ShadowOptions {
  /** Mean run time of a job, when somebody knows it better than the log. */
  readonly serviceSeconds?: Seconds;
  readonly seed: number;
}

/**
 * What the present autoscaler made of the jobs in a log and what Sluice would have made of them: both run through the same
 * simulator on jobs drawn from the arrivals in the log, so that what the model gets wrong it gets wrong for both. Of
 * several draws the one counts whose backlog, under the counts that were really asked for, is nearest to the log's.
 * A word instead of a comparison: the log has no jobs, nothing tells how long one takes, or it has no two ticks.
 *
 * @param records of one service, oldest first
 */
export const compareShadow = (
  records: readonly DecisionRecord[],
  plan: ServicePlan,
  { serviceSeconds, seed }: ShadowOptions,
): ShadowComparison | 'noJobs' | 'noServiceTime' | 'tooShort' => {
  const log = shadowLog(records, plan, serviceSeconds);
  if (typeof log === 'string') return log;
  const promise = strictest(plan);
  const draws = Array.from({ length: drawCount }, (_, index) => draw(plan, log, promise, seed + index));
  const [first, ...others] = draws;
  if (first === undefined || draws.some(({ jobs }) => jobs.count === 0)) return 'noJobs';
  const nearest = others.reduce((a, b) => (b.present.distance < a.present.distance ? b : a), first);
  const { jobs, setup, present } = nearest;
  const sluice = live(jobs, setup, plannedScaler({ ...plan, mode: 'act', queues: [promise] }, log.from), log);
  const attained = draws.map((one) => one.present.side.attainedPercent);
  return {
    service: plan.service,
    from: log.from,
    to: log.to,
    promise: { percent: promise.percent, startWithinSeconds: promise.startWithinSeconds },
    recorded: log.recorded,
    jobs: jobs.count,
    serviceSeconds: log.serviceSeconds,
    serviceSecondsFrom: log.serviceSecondsFrom,
    present: present.side,
    presentAttainedRange: [attained.reduce((a, b) => Math.min(a, b)), attained.reduce((a, b) => Math.max(a, b))],
    sluice: sluice.side,
    doubts: doubtsOf(plan, log, present.side),
  };
};

/** Near its capacity a fleet's waits hang on which jobs are long: one draw of them proves little. */
const drawCount = 12;

const draw = (
  plan: ServicePlan,
  log: ShadowLog,
  { startWithinSeconds }: ServicePlan['queues'][number],
  seed: number,
) => {
  const { buckets, serviceSeconds } = log;
  const jobs = drawJobs({ buckets, seed, scale: 1, meanServiceSeconds: serviceSeconds, serviceCv: 1 });
  const setup = setupOf(plan, log, startWithinSeconds, seed);
  return { jobs, setup, present: live(jobs, setup, recordedScaler(log, plan.tickSeconds), log) };
};

const live = (
  jobs: SimulatedJobs,
  setup: Setup,
  scaler: Scaler,
  log: ShadowLog,
): { readonly side: ModelledSide; readonly distance: number } => {
  let [ticks, visible, distance] = [0, 0, 0];
  const watched: Scaler = {
    ...scaler,
    decide: (sight) => {
      ticks += 1;
      visible += sight.queue.visible;
      distance += Math.abs(sight.queue.visible - log.visibleAt(sight.t));
      return scaler.decide(sight);
    },
  };
  const outcome = runScaler(jobs, setup, watched);
  return { side: sideOf(outcome, visible / Math.max(1, ticks)), distance: distance / Math.max(1, ticks) };
};

/** The simulator has one queue: all jobs are held to the shortest promise. */
const strictest = (plan: ServicePlan): ServicePlan['queues'][number] => {
  const [first, ...others] = plan.queues;
  if (first === undefined) throw new RangeError(`${plan.service} has no queue`);
  return others.reduce((a, b) => (b.startWithinSeconds < a.startWithinSeconds ? b : a), first);
};

const setupOf = (plan: ServicePlan, log: ShadowLog, startWithinSeconds: Seconds, seed: number): Setup => {
  const world = worlds.realistic;
  const { median, p95 } = plan.priors?.startDelaySeconds ?? {
    median: world.startDelay.medianSeconds,
    p95: world.startDelay.p95Seconds,
  };
  return {
    seed,
    concurrency: plan.worker.concurrency,
    startWithinSeconds,
    bounds: { min: 0, max: Math.max(log.recorded.most, plan.tasks.max) },
    initial: log.desiredAt(0),
    // Only Sluice's runtime protects a busy task from scale-in.
    protect: plan.reports !== false,
    stopTimeoutSeconds: plan.worker.stopTimeoutSeconds,
    visibilitySeconds: 60,
    world: { ...world, startDelay: { ...world.startDelay, medianSeconds: median, p95Seconds: p95 } },
  };
};

/** Asks for what was there at the time. */
const recordedScaler = (log: ShadowLog, tickSeconds: Seconds): Scaler => ({
  tickSeconds,
  bounds: { min: 0, max: log.recorded.most },
  decide: ({ t }) => log.desiredAt(t),
});

const sideOf = (outcome: Outcome, meanVisible: number): ModelledSide => ({
  taskHours: outcome.billedSeconds / 3600,
  attainedPercent: 100 * outcome.attained,
  waitSeconds: waitQuantiles(outcome.waits),
  scaleActions: outcome.actions,
  killedJobs: outcome.killed,
  meanVisible,
});

/** The model of the past is held against the past where both are known. */
const doubtsOf = (plan: ServicePlan, log: ShadowLog, present: ModelledSide): readonly string[] => {
  const { meanVisible, gapSeconds } = log.recorded;
  const off = Math.abs(present.meanVisible - meanVisible);
  return [
    ...(off > Math.max(2, 0.5 * meanVisible)
      ? [
          `With the counts that were really asked for, the model has ${present.meanVisible.toFixed(1)} jobs waiting on average and the log ${meanVisible.toFixed(1)}: the run time of a job (${log.serviceSeconds.toFixed(1)} s), concurrency or start-up delay is probably wrong.`,
        ]
      : []),
    ...(log.serviceSecondsFrom === 'priors'
      ? ['The run time of a job comes from the config, not from what was seen.']
      : []),
    ...(plan.tasks.max < log.recorded.most
      ? [
          `The present autoscaler had up to ${log.recorded.most} tasks and the plan allows ${plan.tasks.max} (tasks.max).`,
        ]
      : []),
    ...(gapSeconds > 0 ? [`${Math.round(gapSeconds / 60)} minutes are missing in the log and were bridged.`] : []),
    ...(plan.queues.length > 1 ? ['The queues are taken as one, with the shortest promise for all.'] : []),
  ];
};
