import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tasksToKeep } from '../../../lib/decide/policies/slo-in.ts';
import { horizonOf } from '../../../lib/decide/policies/slo-late.ts';
import { launchesNow } from '../../../lib/decide/policies/slo-out.ts';
import type { Outlook } from '../../../lib/decide/policies/slo-outlook.ts';
import { initialStartDelay } from '../../../lib/forecast/start-delay.ts';

interface World {
  readonly waiting: number;
  readonly readyTasks: number;
  readonly idleTasks: number;
  readonly ratePerSecond: number;
  readonly serviceSeconds: number;
  readonly startWithinSeconds: number;
  readonly concurrency: number;
  readonly latePrice: number;
}

const world = fc.record({
  waiting: fc.double({ min: 0, max: 2000, noNaN: true }),
  readyTasks: fc.integer({ min: 0, max: 200 }),
  idleTasks: fc.integer({ min: 0, max: 50 }),
  ratePerSecond: fc.double({ min: 0, max: 20, noNaN: true }),
  serviceSeconds: fc.double({ min: 1, max: 600, noNaN: true }),
  startWithinSeconds: fc.constantFrom(30, 60, 120, 300, 1800),
  concurrency: fc.constantFrom(1, 4),
  latePrice: fc.double({ min: 0.05, max: 200, noNaN: true }),
});

/** With jobs that wait no slot is idle. Those that wait came at the arrival rate, and the surplus came before. */
const outlookOf = (given: World, waiting: number): Outlook => {
  const { readyTasks, concurrency, ratePerSecond, serviceSeconds, startWithinSeconds } = given;
  const busySlots = Math.max(0, readyTasks - given.idleTasks) * concurrency;
  return {
    classes: [
      {
        waiting,
        ratePerSecond,
        dispersion: 2,
        startWithinSeconds,
        arrivedWithin: (seconds) => ratePerSecond * seconds,
      },
    ],
    jobs: waiting > 0 ? readyTasks * concurrency + waiting : busySlots,
    jobsVariance: 10 * ratePerSecond,
    ratePerSecond,
    readyTasks,
    concurrency,
    serviceSeconds,
    serviceDispersion: 1,
    startDelay: initialStartDelay(),
    launches: [],
    launchedTasks: 0,
    tickSeconds: 10,
  };
};

const count = (given: World, waiting: number): number => {
  const outlook = outlookOf(given, waiting);
  const horizon = horizonOf(outlook);
  const launches = launchesNow(outlook, horizon, given.latePrice, 100_000, 60).tasks;
  if (launches > 0) return given.readyTasks + launches;
  return Math.min(given.readyTasks, tasksToKeep(outlook, horizon, given.latePrice, false, waiting === 0));
};

/** All else equal: rates, run times and start-ups are believed the same, and more of the jobs wait. */
describe('more backlog', () => {
  it('never takes a fleet down', () => {
    fc.assert(
      fc.property(world, fc.double({ min: 0, max: 2000, noNaN: true }), (given, more) => {
        const few = count(given, given.waiting);
        expect(count(given, given.waiting + more)).toBeGreaterThanOrEqual(Math.min(few, given.readyTasks));
      }),
      { numRuns: 500 },
    );
  });

  it('never starts fewer tasks', () => {
    fc.assert(
      fc.property(world, fc.double({ min: 0, max: 2000, noNaN: true }), (given, more) => {
        expect(count(given, given.waiting + more)).toBeGreaterThanOrEqual(count(given, given.waiting));
      }),
      { numRuns: 500 },
    );
  });
});
