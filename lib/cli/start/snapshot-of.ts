import type { DecisionRecord } from '../../model/decision.ts';
import type { Seconds } from '../../model/units.ts';
import { quantile } from '../../report/run/quantile.ts';
import type { RunRecord, ServiceRun } from '../../report/run/run-record.ts';
import type { RunPhase, RunSnapshot, ServiceSnapshot } from '../../report/run/run-snapshot.ts';
import { addJobs, isOnTime } from '../../report/run/summary.ts';

/** Waits of the last half minute show how it goes now; over the whole run an early burst would stand for ever. */
const recentSeconds: Seconds = 30;

/** The run so far as the live view shows it. `sendSeconds`: for how long jobs are sent, from the first on. */
export const snapshotOf = (
  record: RunRecord,
  now: {
    readonly phase: RunPhase;
    readonly sendSeconds: Seconds;
    readonly workerCores: number;
    readonly latest: ReadonlyMap<string, DecisionRecord>;
    /** Newest first. */
    readonly changes?: ReadonlyMap<string, readonly DecisionRecord[]>;
  },
): RunSnapshot => {
  const t = record.endedT;
  const sentFor = record.jobsFromT === undefined ? 0 : t - record.jobsFromT;
  return {
    title: record.settings.title,
    phase: now.phase,
    t,
    remainingSeconds: now.phase === 'sending' ? Math.max(0, now.sendSeconds - sentFor) : 0,
    progress: Math.min(1, sentFor / Math.max(1, now.sendSeconds)),
    jobs: addJobs(record.services.map((run) => run.jobs)),
    workerCores: now.workerCores,
    services: record.services.map((run) => ({
      ...serviceSnapshot(run, record, now.latest.get(run.plan.service)),
      ...changesOf(now.changes?.get(run.plan.service) ?? [], record),
    })),
  };
};

const changesOf = (actions: readonly DecisionRecord[], { startedAt }: RunRecord): Pick<ServiceSnapshot, 'changes'> =>
  actions.length === 0
    ? {}
    : { changes: actions.map(({ decision: { at, from, desired } }) => ({ t: at - startedAt, from, desired })) };

/** Shorter stretches make a rate of single jobs. */
const flowSeconds: Seconds = 20;

const flowOf = ({ samples }: ServiceRun): Pick<ServiceSnapshot, 'flow' | 'memoryPercent'> => {
  const last = samples.at(-1);
  if (last === undefined) return {};
  const memory = last.memoryPercent === undefined ? {} : { memoryPercent: last.memoryPercent };
  const from = samples.findLast(({ t }) => last.t - t >= flowSeconds);
  if (from === undefined) return memory;
  const seconds = last.t - from.t;
  const perMinute = (count: number): number => (60 * Math.max(0, count)) / seconds;
  const done = (sample: typeof last): number => sample.submitted - sample.waiting - sample.inFlight;
  const cpu = last.cpuSeconds === undefined || from.cpuSeconds === undefined ? -1 : last.cpuSeconds - from.cpuSeconds;
  return {
    ...memory,
    flow: {
      windowSeconds: seconds,
      arrivedPerMinute: perMinute(last.submitted - from.submitted),
      donePerMinute: perMinute(done(last) - done(from)),
      ...(cpu >= 0 && { cores: cpu / seconds }),
    },
  };
};

const outcomeOf = ({ jobs: { done, failed } }: ServiceRun): Pick<ServiceSnapshot, 'failedPercent'> =>
  done + failed === 0 ? {} : { failedPercent: (100 * failed) / (done + failed) };

const seenOf = (latest: DecisionRecord | undefined): Pick<ServiceSnapshot, 'jobSeconds' | 'alerts'> => {
  if (latest === undefined) return {};
  const { observation, decision } = latest;
  const { completed = 0, serviceSeconds } = observation.work.known ? observation.work.value : {};
  return {
    ...(completed > 0 && serviceSeconds !== undefined && { jobSeconds: serviceSeconds / completed }),
    ...(decision.alerts.length > 0 && { alerts: decision.alerts }),
  };
};

const serviceSnapshot = (
  run: ServiceRun,
  { startedAt, endedT: t }: RunRecord,
  latest: DecisionRecord | undefined,
): ServiceSnapshot => {
  const sample = run.samples.at(-1);
  const last = latest?.decision;
  const strictest = run.plan.queues.toSorted((a, b) => a.startWithinSeconds - b.startWithinSeconds)[0];
  const recent = run.starts
    .filter((start) => start.sentT + start.waitSeconds > t - recentSeconds)
    .map((start) => start.waitSeconds);
  const [p50, p95] = [quantile(recent, 0.5), quantile(recent, 0.95)];
  const onTime = run.starts.filter((start) => isOnTime(run, start)).length;
  return {
    service: run.plan.service,
    ...(strictest === undefined
      ? {}
      : { objective: { percent: strictest.percent, startWithinSeconds: strictest.startWithinSeconds } }),
    waiting: sample?.waiting ?? 0,
    inFlight: sample?.inFlight ?? 0,
    ...(p50 === undefined || p95 === undefined ? {} : { recentWaits: { windowSeconds: recentSeconds, p50, p95 } }),
    ...(run.starts.length === 0 ? {} : { attainedPercent: (100 * onTime) / run.starts.length }),
    desired: sample?.desired ?? 0,
    running: sample?.running ?? 0,
    starting: sample?.starting ?? 0,
    stopping: sample?.stopping ?? 0,
    ...flowOf(run),
    ...outcomeOf(run),
    ...seenOf(latest),
    min: run.plan.tasks.min,
    max: run.plan.tasks.max,
    ...(last === undefined
      ? {}
      : {
          lastDecision: {
            t: last.at - startedAt,
            from: last.from,
            desired: last.desired,
            summary: last.summary,
          },
        }),
  };
};
