import type { Series, Usage } from '../usage/usage.ts';
import type { RunRecord, ServiceRun } from './run-record.ts';

/** A local run as usage, so that it ends with the same report as a week in an account. Its window is whole hours. */
export const usageOfRun = (record: RunRecord): Usage => {
  const from = Math.floor(record.startedAt / 3600) * 3600;
  const offset = record.startedAt - from;
  const hours = Math.max(1, Math.ceil((offset + record.endedT) / 3600));
  return {
    currency: 'USD',
    timeZone: record.services[0]?.plan.calendar.timeZone ?? 'UTC',
    holidays: [],
    from,
    hours,
    services: record.services.map((run) => serviceUsage(run, record, offset, hours)),
    instances: [],
    orphans: [],
    commitments: [],
    bill: [],
    unavailable: [
      {
        source: 'CPU, memory, the bill, databases and commitments',
        because: 'this was a run on this machine',
        needs: 'an account: `sluice report` there',
      },
    ],
  };
};

const serviceUsage = (run: ServiceRun, record: RunRecord, offset: number, hours: number): Usage['services'][number] => {
  const { plan, price, jobs, starts, tasks } = run;
  const strictest = plan.queues.toSorted((a, b) => a.startWithinSeconds - b.startWithinSeconds)[0];
  const run0 = meanServiceSeconds(run);
  const taskHours = byHour(hours);
  for (const { startedT, stoppedT } of tasks) {
    const end = stoppedT ?? record.endedT;
    for (let h = 0; h < hours; h++) {
      const seconds = Math.min(end + offset, (h + 1) * 3600) - Math.max(startedT + offset, h * 3600);
      if (seconds > 0) taskHours[h] = (taskHours[h] ?? 0) + seconds / 3600;
    }
  }
  const started = byHour(hours);
  const late = byHour(hours);
  for (const { queue, sentT, waitSeconds } of starts) {
    const h = Math.min(hours - 1, Math.floor((offset + sentT + waitSeconds) / 3600));
    started[h] = (started[h] ?? 0) + 1;
    const within = plan.queues.find(({ name }) => name === queue)?.startWithinSeconds ?? Number.POSITIVE_INFINITY;
    if (waitSeconds > within) late[h] = (late[h] ?? 0) + 1;
  }
  return {
    name: plan.service,
    region: price.region,
    architecture: plan.worker.architecture,
    size: { cpu: plan.worker.cpu, memoryMiB: plan.worker.memoryMiB },
    spotShare: 0,
    publicIpv4: false,
    ...(strictest === undefined
      ? {}
      : { slo: { percent: strictest.percent, startWithinSeconds: strictest.startWithinSeconds } }),
    bounds: plan.tasks,
    concurrency: plan.worker.concurrency,
    ...(run0 === undefined ? {} : { serviceSeconds: { mean: run0, p99: run0 * p99OfMean } }),
    startSeconds: { median: record.settings.startSeconds, p95: record.settings.startP95Seconds },
    interruptible: false,
    hourly: { tasks: taskHours, jobs: started, late, failed: hours === 1 ? [jobs.failed] : byHour(hours) },
    ...(starts.length === 0 ? {} : { arrivalsByMinute: arrivals(run, record) }),
  };
};

/** Of a lognormal whose standard deviation is its mean. */
export const p99OfMean = 4.9;

const byHour = (hours: number): number[] & Series => new Array<number>(hours).fill(0);

/** Little's law: jobs in flight over time ÷ jobs done. */
const meanServiceSeconds = ({ samples, jobs }: ServiceRun): number | undefined => {
  if (jobs.done === 0) return undefined;
  let seconds = 0;
  for (let i = 1; i < samples.length; i++) {
    const before = samples[i - 1];
    const now = samples[i];
    if (before && now) seconds += before.inFlight * (now.t - before.t);
  }
  return seconds > 0 ? seconds / jobs.done : undefined;
};

/** The minutes of the run alone, from the first job on. */
const arrivals = ({ starts }: ServiceRun, record: RunRecord): readonly number[] => {
  const from = record.jobsFromT ?? 0;
  const minutes = new Array<number>(Math.max(1, Math.ceil((record.endedT - from) / 60))).fill(0);
  for (const { sentT } of starts) {
    const minute = Math.min(minutes.length - 1, Math.max(0, Math.floor((sentT - from) / 60)));
    minutes[minute] = (minutes[minute] ?? 0) + 1;
  }
  return minutes;
};
