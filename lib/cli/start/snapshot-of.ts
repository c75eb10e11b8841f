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
    services: record.services.map((run) => serviceSnapshot(run, record, now.latest.get(run.plan.service))),
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
