import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lateJobs } from '../../../lib/simulate/baselines/static.ts';
import type { Setup } from '../../../lib/simulate/engine/setup.ts';
import { createRandom } from '../../../lib/simulate/random.ts';
import { runScaler } from '../../../lib/simulate/run-scaler.ts';
import type { Scaler } from '../../../lib/simulate/scaler.ts';
import { drawJobs } from '../../../lib/simulate/simulated-jobs.ts';
import { worlds } from '../../../lib/simulate/world.ts';
import { fixedCount, record, setup } from './fixtures.ts';

/** Goal: laws that hold whatever arrives and whatever a scaler asks for. Method: random loads, random scalers. */
const load = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    jobs: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 4, maxLength: 20 }),
    service: fc.constantFrom(2, 15, 90),
  })
  .map(({ seed, jobs, service }) =>
    drawJobs({
      buckets: jobs.map((count, i) => ({ second: 60 * i, widthSeconds: 60, jobs: count })),
      seed,
      scale: 1,
      meanServiceSeconds: service,
      serviceCv: 1,
    }),
  );

const anySetup: fc.Arbitrary<Setup> = fc
  .record({
    seed: fc.integer({ min: 0, max: 1000 }),
    concurrency: fc.constantFrom(1, 1, 2, 5),
    protect: fc.boolean(),
    world: fc.constantFrom(worlds.ideal, worlds.realistic, worlds.stress),
    max: fc.integer({ min: 1, max: 30 }),
  })
  .map(({ max, ...rest }) => setup({ ...rest, bounds: { min: 0, max }, initial: Math.min(2, max) }));

/** Another count at every other tick. */
const restless = (seed: number, max: number): Scaler => {
  const random = createRandom(seed);
  return { tickSeconds: 10, decide: () => (random.uniform() < 0.5 ? random.integer(max + 1) : undefined) };
};

describe('laws', () => {
  it('no job is lost or doubled, at any tick', () => {
    fc.assert(
      fc.property(load, anySetup, (jobs, given) => {
        const { truths, outcome } = record(jobs, given, restless(given.seed, given.bounds.max));
        for (const { arrived, completed, waiting, inFlight, hidden } of truths)
          expect(completed + waiting + inFlight + hidden).toBe(arrived);
        expect(outcome.jobs.arrived).toBe(jobs.count);
        const { arrived, completed, waiting, inFlight, hidden } = outcome.jobs;
        expect(completed + waiting + inFlight + hidden).toBe(arrived);
        expect(outcome.waits.filter((wait) => !Number.isNaN(wait))).toHaveLength(completed + inFlight);
      }),
      { numRuns: 150 },
    );
  });

  it('protected jobs are never killed', () => {
    fc.assert(
      fc.property(load, anySetup, (jobs, given) => {
        const outcome = runScaler(jobs, { ...given, protect: true }, restless(given.seed, given.bounds.max));
        expect(outcome.killed).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('the bill covers the time at work', () => {
    fc.assert(
      fc.property(load, anySetup, (jobs, given) => {
        const outcome = runScaler(jobs, given, restless(given.seed, given.bounds.max));
        expect(outcome.billedSeconds * given.concurrency).toBeGreaterThanOrEqual(outcome.busySlotSeconds - 1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it('one more task makes no job wait longer', () => {
    fc.assert(
      fc.property(load, anySetup, fc.integer({ min: 1, max: 12 }), (jobs, given, tasks) => {
        const few = runScaler(jobs, { ...given, bounds: { min: 0, max: 20 } }, fixedCount(tasks));
        const more = runScaler(jobs, { ...given, bounds: { min: 0, max: 20 } }, fixedCount(tasks + 1));
        for (let job = 0; job < jobs.count; job += 1)
          if (!Number.isNaN(few.waits[job])) expect(more.waits[job]).toBeLessThanOrEqual(few.waits[job] as number);
      }),
      { numRuns: 60 },
    );
  });

  it('equal seeds give equal runs, other seeds other ones', () => {
    fc.assert(
      fc.property(load, anySetup, (jobs, given) => {
        const run = (seed: number) => record(jobs, { ...given, seed }, restless(1, given.bounds.max));
        const first = run(given.seed);
        expect(run(given.seed)).toEqual(first);
        if (first.outcome.starts > 5) expect(run(given.seed + 1).outcome).not.toEqual(first.outcome);
      }),
      { numRuns: 30 },
    );
  });

  it('what is counted of a static fleet without the engine is what the engine counts', () => {
    fc.assert(
      fc.property(load, anySetup, fc.integer({ min: 0, max: 12 }), (jobs, given, tasks) => {
        const outcome = runScaler(jobs, { ...given, bounds: { min: 0, max: 20 } }, fixedCount(tasks));
        const { late, judged } = lateJobs(jobs, given, tasks, jobs.count);
        expect({ late, judged }).toEqual({ late: outcome.late, judged: outcome.judged });
      }),
      { numRuns: 100 },
    );
  });

  it('counters lie within their noise of what was true as long ago as they are old', () => {
    fc.assert(
      fc.property(load, anySetup, (jobs, given) => {
        const world = { ...given.world, falseZeroShare: 0 };
        const { sights, truths } = record(jobs, { ...given, world }, restless(2, given.bounds.max));
        const lagTicks = world.counterLagSeconds / 10;
        sights.forEach(({ queue }, tick) => {
          const then = truths[tick - lagTicks];
          // Truth is taken after the scaler's answer of that tick, which may have let jobs start: only the sum is the same.
          const total = then ? then.waiting + then.inFlight + then.hidden : 0;
          const off = 0.05 * total + 1;
          expect(Math.abs(queue.visible + queue.inFlight - total)).toBeLessThanOrEqual(off);
        });
      }),
      { numRuns: 60 },
    );
  });
});
