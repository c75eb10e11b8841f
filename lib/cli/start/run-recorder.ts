import type { ServiceView, TaskView } from '../../local/control-plane.ts';
import type { ServiceBinding } from '../../model/binding.ts';
import type { DecisionRecord } from '../../model/decision.ts';
import type { JobCounts } from '../../model/job-counts.ts';
import type { EpochSeconds } from '../../model/units.ts';
import type {
  JobStart,
  RunRecord,
  RunSettings,
  ServiceRun,
  ServiceSample,
  TaskLife,
} from '../../report/run/run-record.ts';
import { createCpuMeter } from './cpu-meter.ts';
import { taskPrice } from './task-price.ts';

/** Where a recorder looks. Nothing of it is changed by looking. */
export interface RunSources {
  readonly bindings: readonly ServiceBinding[];
  readonly region: string;
  readonly services: () => readonly ServiceView[];
  readonly tasks: () => readonly TaskView[];
  readonly queueCounts: (url: string) => Promise<{ readonly queued: number; readonly running: number }>;
  readonly starts: (service: string) => readonly JobStart[];
  /** By service. */
  readonly jobs: () => Readonly<Record<string, JobCounts>>;
}

export interface RunRecorder {
  /** Reads everything once. A source that fails leaves the sample out: a gap is better than an invented value. */
  sample(now: EpochSeconds): Promise<void>;
  lastSample(service: string): ServiceSample | undefined;
  workerCores(): number;
  /** All that is known by now; `results` replaces what could only be guessed while it ran. */
  record(outcome: RunOutcome, results?: RunResults): RunRecord;
}

/** What only the course of the run knows. */
export type RunOutcome = Pick<
  RunRecord,
  'endedT' | 'jobsFromT' | 'firstDecisionT' | 'interrupted' | 'problems' | 'tour'
>;

/** By service. */
export interface RunResults {
  readonly decisions: Decisions;
  readonly jobs: Readonly<Record<string, JobCounts>>;
}

export type Decisions = Readonly<Record<string, readonly DecisionRecord[]>>;

export const createRunRecorder = (settings: RunSettings, startedAt: EpochSeconds, sources: RunSources): RunRecorder => {
  const cpu = createCpuMeter();
  const samples = new Map(sources.bindings.map((binding) => [binding.plan.service, [] as ServiceSample[]]));

  const serviceRun = ({ plan, ecsService }: ServiceBinding, results: RunResults | undefined): ServiceRun => ({
    plan,
    jobs: (results?.jobs ?? sources.jobs())[plan.service] ?? noJobs,
    samples: samples.get(plan.service) ?? [],
    starts: sources.starts(plan.service),
    tasks: sources
      .tasks()
      .filter((task) => task.service === ecsService)
      .flatMap((task) => lifeOf(task, startedAt)),
    decisions: results?.decisions[plan.service] ?? [],
    price: taskPrice(sources.region, plan.worker),
  });

  return {
    sample: async (now) => {
      const t = now - startedAt;
      cpu.look(t, sources.tasks());
      const taken = await Promise.all(sources.bindings.map((binding) => sampleOf(binding, sources, t)));
      for (const [i, { plan }] of sources.bindings.entries()) {
        const sample = taken[i];
        if (sample !== undefined) samples.get(plan.service)?.push(sample);
      }
    },
    lastSample: (service) => samples.get(service)?.at(-1),
    workerCores: cpu.now,
    record: (outcome, results) => ({
      settings,
      startedAt,
      ...outcome,
      cpu: cpu.use(),
      services: sources.bindings.map((binding) => serviceRun(binding, results)),
    }),
  };
};

const sampleOf = async (
  { plan, ecsService, queues }: ServiceBinding,
  sources: RunSources,
  t: number,
): Promise<ServiceSample | undefined> => {
  const counts = await Promise.all(queues.map((queue) => sources.queueCounts(queue.url))).catch(() => undefined);
  const service = sources.services().find((view) => view.name === ecsService);
  if (counts === undefined || service === undefined) return undefined;
  return {
    t,
    submitted: sources.jobs()[plan.service]?.submitted ?? 0,
    waiting: sum(counts.map((count) => count.queued)),
    inFlight: sum(counts.map((count) => count.running)),
    desired: service.desiredCount,
    running: service.runningCount,
    starting: service.pendingCount,
    stopping: service.stoppingCount,
    ...usageOf(sources.tasks().filter((task) => task.service === ecsService)),
  };
};

const usageOf = (tasks: readonly TaskView[]): Pick<ServiceSample, 'cpuSeconds' | 'memoryPercent'> => {
  const measured = tasks.filter(({ lastStatus, rssMiB }) => lastStatus === 'RUNNING' && rssMiB > 0);
  const may = sum(measured.map(({ memoryMiB }) => memoryMiB));
  return {
    cpuSeconds: sum(tasks.map(({ cpuSeconds }) => cpuSeconds)),
    ...(may > 0 && { memoryPercent: (100 * sum(measured.map(({ rssMiB }) => rssMiB))) / may }),
  };
};

/** AWS bills from the pull of the image to the end of the task; a task that never came so far costs nothing. */
const lifeOf = (task: TaskView, startedAt: EpochSeconds): readonly TaskLife[] => {
  const from = task.pullStartedAt ?? task.startedAt;
  if (from === undefined) return [];
  const stopped = task.stoppedAt === undefined ? {} : { stoppedT: task.stoppedAt - startedAt };
  return [{ startedT: from - startedAt, ...stopped }];
};

const noJobs: JobCounts = {
  submitted: 0,
  done: 0,
  failed: 0,
  expired: 0,
  cancelled: 0,
  queued: 0,
  running: 0,
  lost: 0,
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
