import { loadConfig } from '../../config/load.ts';
import { nearest } from '../../config/nearest.ts';
import { BadInput, type InputIssue } from '../../model/bad-input.ts';
import type { ServicePlan } from '../../model/plan.ts';
import type { Seconds } from '../../model/units.ts';
import type { Stage } from '../../simulate/play.ts';
import { drawJobs, expectedJobs, jobsMax, traceServiceSeconds } from '../../simulate/simulated-jobs.ts';
import { parseTrace, type TraceBucket, traceSeconds } from '../../simulate/trace-file.ts';
import { worlds } from '../../simulate/world.ts';
import type { SimulateOptions } from './options.ts';
import { readInputFile } from './read-input-file.ts';

/** All that the comparison needs, read and checked. */
export interface OpenStage extends Stage {
  readonly options: SimulateOptions;
  readonly plans: ReadonlyMap<string, ServicePlan>;
}

/** @throws BadInput for a trace or a config that cannot be used. */
export const openStage = async (options: SimulateOptions): Promise<OpenStage> => {
  const buckets = slice(
    parseTrace(
      await readInputFile(options.trace, '--trace', 'a CSV file: second,jobs[,mean_service_s]'),
      options.trace,
    ),
    options,
  );
  const serviceSeconds = options.serviceSeconds ?? traceServiceSeconds(buckets);
  if (serviceSeconds === undefined) throw new BadInput([noServiceTime(options.trace)]);
  return stageFor(options, buckets, serviceSeconds, scaleOf(buckets, options, serviceSeconds));
};

/**
 * The stage for arrivals that were already read.
 * @param scale jobs for one job of the buckets
 * @throws BadInput for too many jobs or none, and for a config that cannot be used.
 */
export const stageFor = async (
  options: SimulateOptions,
  buckets: readonly TraceBucket[],
  serviceSeconds: Seconds,
  scale = 1,
): Promise<OpenStage> => {
  const expected = expectedJobs(buckets, scale);
  if (expected > jobsMax) throw new BadInput([tooManyJobs(options.trace, expected)]);
  const jobs = drawJobs({
    buckets,
    seed: options.seed,
    scale,
    meanServiceSeconds: serviceSeconds,
    serviceCv: options.serviceCv,
  });
  if (jobs.count === 0) throw new BadInput([noJobs(options.trace, expected)]);
  const world = worlds[options.world];
  const bounds = { min: options.min, max: options.max };
  const { concurrency, startWithinSeconds, initial, stopTimeoutSeconds } = options;
  return {
    options,
    jobs,
    plans: await plansOf(options),
    setup: {
      seed: options.seed,
      concurrency,
      startWithinSeconds,
      bounds,
      initial,
      protect: options.protect,
      stopTimeoutSeconds,
      visibilitySeconds: options.visibilitySeconds,
      world: {
        ...world,
        startDelay: {
          ...world.startDelay,
          medianSeconds: options.startMedianSeconds,
          p95Seconds: options.startP95Seconds,
        },
      },
    },
    situation: {
      percent: options.percent,
      startWithinSeconds,
      meanServiceSeconds: serviceSeconds,
      concurrency,
      bounds,
      initial,
      stopTimeoutSeconds,
      tickSeconds: options.tickSeconds,
      startEpoch: options.startEpoch + options.fromDays * 86_400,
    },
  };
};

const slice = (buckets: readonly TraceBucket[], { trace, fromDays, days }: SimulateOptions): readonly TraceBucket[] => {
  const from = (buckets[0]?.second ?? 0) + fromDays * 86_400;
  const until = days === undefined ? Number.POSITIVE_INFINITY : from + days * 86_400;
  const part = buckets.filter(({ second }) => second >= from && second < until);
  if (part.some((bucket) => bucket.jobs > 0)) return part;
  throw new BadInput([
    {
      path: '--from, --days',
      found: 'no jobs in that part of the trace',
      expected: `a part of ${trace}, which is ${Number((traceSeconds(buckets) / 86_400).toFixed(2))} days long, with jobs in it`,
      mend: 'Take another part.',
    },
  ]);
};

const scaleOf = (buckets: readonly TraceBucket[], options: SimulateOptions, serviceSeconds: Seconds): number =>
  options.load === undefined
    ? options.scale
    : (options.load * options.concurrency * traceSeconds(buckets)) / (expectedJobs(buckets, 1) * serviceSeconds);

/** By policy name. A config's task size and queue names are its own; jobs at a time are those of the simulated worker. */
const plansOf = async (options: SimulateOptions): Promise<ReadonlyMap<string, ServicePlan>> => {
  const plans = new Map<string, ServicePlan>();
  for (const { name, choice } of options.policies) {
    if (choice.kind !== 'config') continue;
    const { plans: all } = await loadConfig(choice.file);
    const plan = all.find(({ service }) => service === choice.service);
    if (!plan) throw new BadInput([noService(choice, all)]);
    if (plan.queues.length !== 1) throw new BadInput([notOneQueue(choice, plan)]);
    plans.set(name, { ...plan, worker: { ...plan.worker, concurrency: options.concurrency } });
  }
  return plans;
};

interface ConfigChoice {
  readonly file: string;
  readonly service: string;
}

const noService = ({ file, service }: ConfigChoice, plans: readonly ServicePlan[]): InputIssue => {
  const names = plans.map((plan) => plan.service);
  const close = nearest(service, names);
  return {
    path: '--policies',
    found: `"${service}"`,
    expected: `a service of ${file}: ${names.join(', ')}`,
    mend: close === undefined ? 'Name one of them after the #.' : `Did you mean "config:${file}#${close}"?`,
  };
};

const notOneQueue = ({ file, service }: ConfigChoice, plan: ServicePlan): InputIssue => ({
  path: '--policies',
  found: `${plan.queues.length} queues of ${service} in ${file}`,
  expected: 'a service with one queue: a trace is the arrivals of one',
  mend: 'Name another service, or make a config with one queue of it.',
});

const noServiceTime = (trace: string): InputIssue => ({
  path: '--service-seconds',
  found: 'nothing',
  expected: `how long a job takes, since ${trace} has no column mean_service_s`,
  mend: 'Try --service-seconds 5.',
});

const tooManyJobs = (trace: string, expected: number): InputIssue => ({
  path: trace,
  found: `about ${Math.round(expected / 1e6)} million jobs`,
  expected: `at most ${jobsMax / 1e6} million`,
  mend: 'Take a part with --from and --days, or fewer jobs with --scale.',
});

const noJobs = (trace: string, expected: number): InputIssue => ({
  path: trace,
  found: `no job at all: ${Number(expected.toPrecision(2))} are expected of it`,
  expected: 'at least one job',
  mend: 'Raise --scale, take a longer part, or try another --seed.',
});
