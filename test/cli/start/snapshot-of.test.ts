import { expect, it } from 'vitest';
import { snapshotOf } from '../../../lib/cli/start/snapshot-of.ts';
import { decision, runRecord, serviceRun } from '../../report/run/run-fixture.ts';

const now = {
  phase: 'sending',
  sendSeconds: 120,
  workerCores: 0.4,
  latest: new Map([['thumbnails', decision(6, 2, 3)]]),
} as const;

it('shows a run as it is now', () => {
  const starts = [
    { queue: 'thumbnails', sentT: 10, waitSeconds: 30 },
    { queue: 'thumbnails', sentT: 45, waitSeconds: 1 },
    { queue: 'thumbnails', sentT: 50, waitSeconds: 3 },
  ];
  const { services, ...run } = snapshotOf(runRecord({ endedT: 70, services: [serviceRun({ starts })] }), now);
  expect(run).toMatchObject({ t: 70, progress: 0.5, remainingSeconds: 60, jobs: { submitted: 4, done: 4 } });
  expect(services).toEqual([
    {
      service: 'thumbnails',
      objective: { percent: 95, startWithinSeconds: 10 },
      waiting: 1,
      inFlight: 1,
      // The one that started at 40 is not recent, yet it counts for the whole run.
      recentWaits: { windowSeconds: 30, p50: 1, p95: 3 },
      attainedPercent: (100 * 2) / 3,
      failedPercent: 0,
      desired: 0,
      running: 0,
      starting: 0,
      stopping: 0,
      min: 0,
      max: 12,
      lastDecision: { t: 6, from: 2, desired: 3, summary: decision(6, 2, 3).decision.summary },
    },
  ]);
});

it('has little to show before anything happened', () => {
  const record = runRecord({ endedT: 3, services: [serviceRun({ starts: [], samples: [] })] });
  const { jobsFromT: _, ...early } = record;
  const run = snapshotOf(early, { ...now, latest: new Map() });
  expect(run.progress).toBe(0);
  expect(run.services[0]).not.toHaveProperty('lastDecision');
  expect(run.services[0]).not.toHaveProperty('recentWaits');
  expect(run.services[0]).not.toHaveProperty('attainedPercent');
});

it('shows what flows through, what it takes, what changed and what is wrong', () => {
  const sample = (t: number, submitted: number, waiting: number, cpuSeconds: number) => ({
    t,
    submitted,
    waiting,
    inFlight: 2,
    desired: 3,
    running: 3,
    starting: 0,
    stopping: 0,
    cpuSeconds,
    memoryPercent: 17,
  });
  const samples = [sample(20, 10, 1, 2), sample(35, 40, 9, 5), sample(60, 70, 5, 6), sample(65, 72, 4, 8)];
  const alert = { code: 'maxReached', severity: 'warning', text: 'at its maximum' } as const;
  const report = { started: 9, late: 0, completed: 8, failed: 0, busySlotSeconds: 4, serviceSeconds: 4 };
  const last = decision(64, 2, 3, { alerts: [alert] });
  const observation = { ...last.observation, work: { known: true, at: last.observation.now, value: report } } as const;
  const [service] = snapshotOf(runRecord({ endedT: 66, services: [serviceRun({ samples })] }), {
    ...now,
    latest: new Map([['thumbnails', { ...last, observation }]]),
    changes: new Map([['thumbnails', [decision(64, 2, 3), decision(30, 0, 2)]]]),
  }).services;
  // From 35 to 65: 32 came, 35 were done (29 before, 66 now), 3 of 30 s were worked.
  expect(service).toMatchObject({
    flow: { windowSeconds: 30, arrivedPerMinute: 64, donePerMinute: 74, cores: 0.1 },
    memoryPercent: 17,
    jobSeconds: 0.5,
    alerts: [alert],
    changes: [
      { t: 64, from: 2, desired: 3 },
      { t: 30, from: 0, desired: 2 },
    ],
  });
});
