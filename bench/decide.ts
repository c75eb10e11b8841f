import { performance } from 'node:perf_hooks';
import { toServicePlan } from '../lib/config/parse-config.ts';
import { decide } from '../lib/decide/decide.ts';
import { known, type Observation } from '../lib/model/observation.ts';
import type { Settings } from '../lib/model/plan.ts';
import type { DirectionBehavior } from '../lib/model/policy.ts';
import { initialState } from '../lib/model/state.ts';
import { settingsAt } from '../lib/schedule/settings-at.ts';

export interface DecideTiming {
  readonly name: string;
  readonly medianMicros: number;
  readonly p95Micros: number;
  readonly timesJson: number;
}

const ticks = 6000;
const warmUpTicks = 1500;
const tickSeconds = 10;
const start = 1_795_255_200;

/** Times `decide` on a made-up day: a daily wave of arrivals with bursts, served by a fleet that follows the decisions. */
export const benchDecide = (): readonly DecideTiming[] => [
  timing('slo', sloOnly),
  timing('everything on', everythingOn),
  scheduleTiming(),
];

const still: DirectionBehavior = {
  stabilizationSeconds: 0,
  cooldownSeconds: 0,
  select: 'max',
  policies: [],
  tolerance: 0,
};

const sloOnly: Settings = {
  service: 'convert',
  mode: 'act',
  tickSeconds,
  queues: [{ name: 'jobs', percent: 99, startWithinSeconds: 60, fifo: false }],
  worker: { cpu: 1024, memoryMiB: 2048, concurrency: 1, stopTimeoutSeconds: 120, architecture: 'x86' },
  size: { cpu: 1024, memoryMiB: 2048 },
  tasks: { min: 0, max: 500 },
  priority: 'normal',
  policy: { type: 'slo' },
  behavior: { scaleOut: still, scaleIn: still },
  uses: {},
  events: [],
};

const everythingOn: Settings = {
  ...sloOnly,
  queues: [
    { name: 'jobs', percent: 99, startWithinSeconds: 60, fifo: false },
    { name: 'relaxed', percent: 95, startWithinSeconds: 1800, fifo: false },
  ],
  policy: {
    type: 'max',
    of: [
      { type: 'slo' },
      {
        type: 'targetTracking',
        signals: [
          { signal: 'cpu', target: 60 },
          { signal: 'activeJobs', perTask: 10 },
        ],
        tolerance: 0.1,
      },
      { type: 'predictive', horizonMinutes: 15, minConfidence: 0.7, mode: 'full' },
    ],
  },
  behavior: {
    scaleOut: {
      ...still,
      cooldownSeconds: 30,
      policies: [
        { percent: 100, periodSeconds: 30 },
        { tasks: 50, periodSeconds: 30 },
      ],
    },
    scaleIn: { ...still, stabilizationSeconds: 120, policies: [{ percent: 50, periodSeconds: 60 }] },
  },
  budget: { usdPerMonth: 5000, at80: 'warn', at95: 'warn', at100: 'warn' },
  flapsPerHour: 20,
  fallback: { afterSeconds: 300, count: 'current' },
};

const timing = (name: string, settings: Settings): DecideTiming => {
  let state = initialState(start);
  let desired = 1;
  let backlog = 0;
  const running: number[] = [];
  const decided: number[] = [];
  const serialised: number[] = [];
  for (let i = 0; i < ticks; i++) {
    running.push(desired);
    const tasks = running[Math.max(0, i - 5)] ?? 0;
    const arriving = arrivalsAt(i);
    const started = Math.min(backlog + arriving, tasks * 2);
    backlog += arriving - started;
    const observation = observe(i, settings, backlog, Math.min(tasks, started), desired, tasks, started);
    const before = performance.now();
    const decision = decide(observation, settings, state);
    const between = performance.now();
    JSON.parse(JSON.stringify(observation));
    const after = performance.now();
    if (i >= warmUpTicks) {
      decided.push(between - before);
      serialised.push(after - between);
    }
    state = decision.state;
    desired = decision.desired;
  }
  return {
    name,
    medianMicros: 1000 * quantile(decided, 0.5),
    p95Micros: 1000 * quantile(decided, 0.95),
    timesJson: quantile(decided, 0.5) / quantile(serialised, 0.5),
  };
};

/** Three windows and a holiday, each call in a minute of its own, so that nothing of it is remembered. */
const scheduleTiming = (): DecideTiming => {
  const plan = toServicePlan(
    'convert',
    {
      worker: { image: 'public.ecr.aws/docker/library/node:24-slim' },
      schedule: (['holidays', 'weekends', 'weekdays'] as const).map((days, i) => ({
        name: days,
        days,
        from: `0${i}:00`,
        to: '20:00',
        tasks: { min: i, max: 10 + i },
      })),
    },
    { timeZone: 'America/New_York', holidays: { dates: ['2026-12-24'] } },
  );
  const took: number[] = [];
  const serialised: number[] = [];
  for (let i = 0; i < ticks; i++) {
    const before = performance.now();
    const settings = settingsAt(plan, start + i * 60);
    const between = performance.now();
    JSON.parse(JSON.stringify(settings));
    const after = performance.now();
    if (i < warmUpTicks) continue;
    took.push(between - before);
    serialised.push(after - between);
  }
  return {
    name: 'schedule',
    medianMicros: 1000 * quantile(took, 0.5),
    p95Micros: 1000 * quantile(took, 0.95),
    timesJson: quantile(took, 0.5) / quantile(serialised, 0.5),
  };
};

const arrivalsAt = (i: number): number => Math.round(20 + 15 * Math.sin(i / 400) + (i % 97 < 6 ? 60 : 0));

const observe = (
  i: number,
  settings: Settings,
  visible: number,
  inFlight: number,
  desired: number,
  running: number,
  started: number,
): Observation => {
  const now = start + i * tickSeconds;
  return {
    now,
    queues: settings.queues.map(({ name }) => ({ name, counts: known(now, { visible, inFlight, delayed: 0 }) })),
    service: known(now, {
      desired,
      running: Math.min(running, desired),
      pending: Math.max(0, desired - running),
      deploymentInProgress: false,
      failedStarts: 0,
    }),
    work: known(now, { started, late: 0, completed: started, failed: 0, busySlotSeconds: 5 * started }),
    signals: { cpu: known(now, 55), activeJobs: known(now, inFlight), queueDepth: known(now, visible) },
  };
};

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN;
