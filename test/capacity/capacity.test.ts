import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobCapacity } from '../../lib/capacity/job-capacity.ts';
import { requestCapacity, usualProfile } from '../../lib/capacity/request-capacity.ts';
import { neededTasks } from '../../lib/cli/plan/needed-tasks.ts';
import { fargatePrice } from '../../lib/report/fargate-price.ts';

const price = fargatePrice('us-east-1', 'x86');
if (price === undefined) throw new Error('no price');
const size = { cpu: 1024, memoryMiB: 2048 };
const downloads = { secondsPerJob: 36, concurrency: 1, size, price, safety: 1.3, limits: {} };

describe('jobs', () => {
  it('10,000 files an hour need 130 tasks, and the connections end it at 20', () => {
    const limits = { database: { perTask: 20, total: 500 }, redis: { perTask: 10, total: 200 } };
    const capacity = jobCapacity({ ...downloads, jobsPerHour: 10_000, limits });
    expect(capacity).toMatchObject({
      jobsPerTaskHour: 100,
      tasks: 130,
      tier: 'beyond',
      vcpu: 130,
      memoryGiB: 260,
      takes: { database: 2600, redis: 1300 },
      binds: { limit: 'redis', tasks: 20 },
    });
    expect(capacity.binds?.jobsPerHour).toBeCloseTo(1538, 0);
    expect(capacity.usdPerHour).toBeCloseTo(130 * (0.04048 + 2 * 0.004445), 6);
    expect(capacity.usdPerMonth).toBeCloseTo(730 * capacity.usdPerHour, 6);
  });

  it.each([
    [200, 3, 'small'],
    [700, 10, 'medium'],
    [1900, 25, 'large'],
    [3800, 50, 'enterprise'],
  ] as const)('%i an hour: %i tasks, %s', (jobsPerHour, tasks, tier) => {
    expect(jobCapacity({ ...downloads, jobsPerHour })).toMatchObject({ tasks, tier });
  });

  it('law: the tasks do the work with the safety, and one fewer would not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 1, max: 50 }),
        (jobsPerHour, secondsPerJob, concurrency) => {
          const { tasks, jobsPerTaskHour } = jobCapacity({ ...downloads, jobsPerHour, secondsPerJob, concurrency });
          expect(tasks * jobsPerTaskHour).toBeGreaterThanOrEqual(1.3 * jobsPerHour * (1 - 1e-6));
          if (tasks > 1) expect((tasks - 1) * jobsPerTaskHour).toBeLessThan(1.3 * jobsPerHour);
        },
      ),
    );
  });

  it('the simulated answer lies between the bare work and the rule of thumb', () => {
    const queue = { name: 'q', percent: 95, startWithinSeconds: 60, fifo: false };
    const { tasks } = neededTasks({ jobsPerHour: 3600, secondsPerJob: 36, concurrency: 1, queue, tasks: 47 });
    expect(tasks).toBeGreaterThan(36);
    expect(tasks).toBeLessThan(47);
    // Where the promise is loose, a fleet that falls behind slowly would do for some hours: never fewer than the work.
    const loose = { ...queue, percent: 60, startWithinSeconds: 3600 };
    expect(neededTasks({ jobsPerHour: 3600, secondsPerJob: 36, concurrency: 1, queue: loose, tasks: 47 }).tasks).toBe(
      37,
    );
  });
});

describe('requests', () => {
  it.each([
    [900, 2],
    [5000, 3],
    [20_000, 5],
    [50_000_000, 44],
  ])('%i a day: %i replicas', (requestsPerDay, replicas) => {
    expect(requestCapacity({ ...usualProfile, requestsPerDay }).replicas).toBe(replicas);
  });

  it('transfer is counted in gigabytes, not a thousand times too much', () => {
    const { transferGbPerMonth } = requestCapacity({ ...usualProfile, requestsPerDay: 1_000_000 });
    expect(transferGbPerMonth).toBeCloseTo((1_000_000 * 30.4 * 50) / 1_048_576, 6);
  });
});
