import type { Decision, DecisionRecord } from '../../../lib/model/decision.ts';
import type { JobCounts } from '../../../lib/model/job-counts.ts';
import type { ServicePlan } from '../../../lib/model/plan.ts';
import type { RunRecord, ServiceRun } from '../../../lib/report/run/run-record.ts';

export const startedAt = Date.UTC(2026, 10, 21, 10) / 1000;

const noBehavior = { stabilizationSeconds: 0, cooldownSeconds: 0, select: 'max', policies: [], tolerance: 0 } as const;

export const plan = (changes: Partial<ServicePlan> = {}): ServicePlan => ({
  service: 'thumbnails',
  mode: 'act',
  tickSeconds: 2,
  queues: [{ name: 'thumbnails', percent: 95, startWithinSeconds: 10, fifo: false }],
  worker: { cpu: 256, memoryMiB: 512, concurrency: 4, stopTimeoutSeconds: 30, architecture: 'x86' },
  tasks: { min: 0, max: 12 },
  priority: 'normal',
  policy: { type: 'slo' },
  behavior: { scaleOut: noBehavior, scaleIn: noBehavior },
  calendar: { timeZone: 'UTC', holidays: [] },
  schedule: [],
  uses: {},
  events: [],
  ...changes,
});

export const jobs = (changes: Partial<JobCounts> = {}): JobCounts => ({
  submitted: 0,
  done: 0,
  failed: 0,
  expired: 0,
  cancelled: 0,
  queued: 0,
  running: 0,
  lost: 0,
  ...changes,
});

export const decision = (
  t: number,
  from: number,
  desired: number,
  changes: Partial<Decision> = {},
): DecisionRecord => ({
  tick: new Date((startedAt + t) * 1000).toISOString(),
  observation: {
    now: startedAt + t,
    queues: [
      {
        name: 'thumbnails',
        counts: { known: true, at: startedAt + t, value: { visible: 34, inFlight: 8, delayed: 0 } },
      },
    ],
    service: {
      known: true,
      at: startedAt + t,
      value: { desired: from, running: from, pending: 0, deploymentInProgress: false, failedStarts: 0 },
    },
    work: { known: false, because: 'missing' },
    signals: {},
  },
  decision: {
    service: 'thumbnails',
    at: startedAt + t,
    kind: desired === from ? 'keep' : 'scale',
    from,
    desired,
    size: { cpu: 256, memoryMiB: 512 },
    alerts: [],
    explanation: [
      { stage: 'propose', code: 'slo', text: `34 jobs wait; ${desired} tasks start them in time.`, from, to: desired },
      { stage: 'bound', code: 'within', text: 'Within 0 to 12.', from: desired, to: desired },
    ],
    summary: `34 jobs wait and must start within 10 s: ${desired} tasks are needed.`,
    shadow: false,
    ...changes,
  },
});

export const serviceRun = (changes: Partial<ServiceRun> = {}): ServiceRun => ({
  plan: plan(),
  jobs: jobs({ submitted: 4, done: 4 }),
  samples: [0, 1, 2, 3].map((t) => ({
    t,
    submitted: t + 1,
    waiting: 1,
    inFlight: 1,
    desired: t === 3 ? 0 : 2,
    running: t === 3 ? 0 : t,
    starting: 0,
    stopping: 0,
  })),
  starts: [0.5, 1, 2, 11].map((waitSeconds) => ({ queue: 'thumbnails', sentT: 1, waitSeconds })),
  tasks: [{ startedT: 0, stoppedT: 30 }, { startedT: 0 }],
  decisions: [decision(2, 0, 2), decision(4, 2, 2), decision(6, 2, 0)],
  price: { usdPerTaskHour: 0.36, region: 'us-east-1', date: '2026-11-01' },
  ...changes,
});

export const runRecord = (changes: Partial<RunRecord> = {}): RunRecord => ({
  settings: { title: 'quickstart', minutes: 2, seed: 1, startSeconds: 3, startP95Seconds: 4.5, killOneAt: [] },
  startedAt,
  jobsFromT: 10,
  endedT: 130,
  firstDecisionT: 3.6,
  problems: [],
  cpu: { meanCores: 0.4, peakCores: 0.9, limitCores: 1.2 },
  services: [serviceRun()],
  ...changes,
});

/** A run as it may look: a queue of `jobs` jobs through a fleet that follows. Deterministic, no claim to be a model. */
export const longRun = (service: string, ofMany: number): ServiceRun => {
  const rate = (t: number): number =>
    t < 8 || t > 120 ? 0 : ofMany * (0.5 + Math.sin((t - 8) / 20) ** 2 + (t > 50 && t < 60 ? 4 : 0));
  const samples: ServiceRun['samples'][number][] = [];
  const starts: ServiceRun['starts'][number][] = [];
  let submitted = 0;
  let desired = 0;
  let running = 0;
  let waiting = 0;
  const decisions: DecisionRecord[] = [];
  for (let t = 0; t <= 140; t++) {
    const arrived = Math.round(rate(t) * 1.3);
    submitted += arrived;
    waiting = Math.max(0, waiting + arrived - running * 2);
    const wanted = Math.min(12, Math.ceil((rate(t) + waiting / 6) / 2));
    if (t % 2 === 0) {
      const next = wanted >= desired || t % 12 === 0 ? wanted : desired;
      decisions.push(
        decision(t, desired, next, {
          service,
          ...(t === 4 ? { kind: 'hold' as const, summary: 'The queue could not be read: the count stays.' } : {}),
        }),
      );
      desired = next;
    }
    running += Math.sign(desired - running);
    for (let i = 0; i < arrived; i++) {
      starts.push({
        queue: service,
        sentT: t,
        waitSeconds: (waiting / Math.max(1, running * 2)) * ((i * 7) % 11) * 0.2 + 0.1,
      });
    }
    samples.push({
      t,
      submitted,
      waiting,
      inFlight: Math.min(running * 4, waiting + arrived),
      desired,
      running,
      starting: Math.max(0, desired - running),
      stopping: 0,
    });
  }
  return serviceRun({
    plan: plan({ service, queues: [{ name: service, percent: 95, startWithinSeconds: 10, fifo: false }] }),
    jobs: jobs({ submitted, done: submitted }),
    samples,
    starts,
    decisions,
    tasks: Array.from({ length: 12 }, (_, i) => ({ startedT: 10 + i * 6, stoppedT: 60 + i * 6 })),
  });
};
