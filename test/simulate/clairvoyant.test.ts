import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bestStaticTasks, staticSetting } from '../../lib/simulate/baselines/static.ts';
import { clairvoyant } from '../../lib/simulate/clairvoyant/clairvoyant.ts';
import { fluidPlan } from '../../lib/simulate/clairvoyant/fluid-plan.ts';
import { earliestWork } from '../../lib/simulate/clairvoyant/work-curve.ts';
import { runScaler } from '../../lib/simulate/run-scaler.ts';
import { drawJobs } from '../../lib/simulate/simulated-jobs.ts';
import { worlds } from '../../lib/simulate/world.ts';
import { jobsOf, setup } from './engine/fixtures.ts';

/** Goal: the clairvoyant fleet is achievable, keeps the promise, and is as cheap as the fluid allows. */
it('the earliest work is the integral of the busy slots', () => {
  // One job from 5 to 25, another from 12 to 15, slots of 10 s, two jobs a task.
  const done = earliestWork(jobsOf([[5, 20], [12, 3]], 30), 2, 10); // biome-ignore format: a table
  expect([...done]).toEqual([0, 2.5, 9, 11.5]);
});

it('a plan does all the work in time and not before it is there', () => {
  const load = fc.array(fc.integer({ min: 0, max: 80 }), { minLength: 5, maxLength: 80 });
  fc.assert(
    fc.property(load, fc.integer({ min: 1, max: 6 }), (arriving, patienceSlots) => {
      const earliest = new Float64Array(arriving.length + 1);
      arriving.forEach((work, i) => {
        earliest[i + 1] = (earliest[i] ?? 0) + work;
      });
      const problem = { earliest, slotSeconds: 10, patienceSlots, startCostSeconds: 20, tasksMax: 100 };
      const plan = fluidPlan(problem);
      let done = 0;
      plan.forEach((tasks, slot) => {
        done = Math.min(earliest[slot + 1] as number, done + 10 * tasks);
        // The backlog is on a grid of a tenth of what patience allows, so that much may be missing for a slot.
        const must = slot + 1 >= patienceSlots ? (earliest[slot + 1 - patienceSlots] as number) : 0;
        const grid = ((earliest[slot + 1] as number) - must) / 10 + 1e-6;
        expect(done).toBeGreaterThanOrEqual(must - grid);
      });
    }),
    { numRuns: 80 },
  );
});

it('perfect knowledge costs at least the work, less than the best static fleet, and keeps the promise', () => {
  for (const [service, within] of [
    [5, 60],
    [30, 60],
    [30, 300],
  ] as const) {
    // biome-ignore format: a table
    const buckets = Array.from({ length: 600 }, (_, i) => ({
      second: 60 * i,
      widthSeconds: 60,
      jobs: (4 * 60 * (1 + Math.sin(i / 40)) + (i % 60 < 3 ? 300 : 0)) / service,
    }));
    const jobs = drawJobs({ buckets, seed: 2, scale: 1, meanServiceSeconds: service, serviceCv: 1 });
    const given = setup({ world: worlds.realistic, startWithinSeconds: within });
    const best = clairvoyant(jobs, given, 99);
    const fixed = runScaler(jobs, given, staticSetting(bestStaticTasks(jobs, given, 99)).create());
    expect(best.kept).toBe(true);
    expect(best.taskSeconds).toBeGreaterThan(jobs.workSeconds);
    expect(best.taskSeconds).toBeLessThan(1.25 * jobs.workSeconds);
    expect(best.taskSeconds).toBeLessThan(0.6 * fixed.billedSeconds);
  }
});

it('the best static fleet keeps the promise, and one task fewer does not', () => {
  const load = fc.record({ seed: fc.integer(), jobs: fc.array(fc.integer({ min: 0, max: 80 }), { minLength: 8 }) });
  fc.assert(
    fc.property(load, fc.constantFrom(1, 3), ({ seed, jobs: counts }, concurrency) => {
      const jobs = drawJobs({
        buckets: counts.map((count, i) => ({ second: 60 * i, widthSeconds: 60, jobs: count })),
        seed,
        scale: 1,
        meanServiceSeconds: 8,
        serviceCv: 1,
      });
      const given = setup({ concurrency, bounds: { min: 0, max: 40 } });
      const attained = (tasks: number) => 100 * runScaler(jobs, given, staticSetting(tasks).create()).attained;
      const best = bestStaticTasks(jobs, given, 95);
      const most = attained(40);
      if (most >= 95) {
        expect(attained(best)).toBeGreaterThanOrEqual(95);
        if (best > 0) expect(attained(best - 1)).toBeLessThan(95);
      } else {
        expect(attained(best)).toBe(most);
        if (best > 0) expect(attained(best - 1)).toBeLessThan(most);
      }
    }),
    { numRuns: 60 },
  );
});
