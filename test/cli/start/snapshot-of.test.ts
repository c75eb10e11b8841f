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
