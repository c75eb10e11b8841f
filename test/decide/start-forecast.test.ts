import fc from 'fast-check';
import { assert, describe, expect, test } from 'vitest';
import { toServicePlans } from '../../lib/config/parse-config.ts';
import { type Fleet, fleetFrom, startedAfter } from '../../lib/decide/start-forecast.ts';
import { initialStartDelay } from '../../lib/forecast/start-delay.ts';
import { initialState } from '../../lib/model/state.ts';

const fleet: Fleet = {
  readyTasks: 2,
  launches: [],
  concurrency: 4,
  serviceSeconds: 10,
  startDelay: initialStartDelay(30, 60),
  tasksMax: 10,
  tickSeconds: 10,
  startWithinSeconds: 60,
};

describe('startedAfter', () => {
  test('ready slots begin a job each run time: 8 slots of 10 s begin 16 jobs in 20 s', () => {
    expect(startedAfter(fleet, 16)).toBeCloseTo(20, 0);
    expect(startedAfter(fleet, 0)).toBe(0);
  });

  test('launches help from when they are likely ready', () => {
    const asleep = { ...fleet, readyTasks: 0, launches: [[25, 2]] as const };
    expect(startedAfter(asleep, 1)).toBeGreaterThan(1);
    expect(startedAfter(asleep, 1)).toBeLessThan(15);
    expect(startedAfter({ ...asleep, launches: [[1, 2]] }, 1)).toBeGreaterThan(startedAfter(asleep, 1));
  });

  test('from no task at all it takes a tick and a start', () => {
    const nothing = { ...fleet, readyTasks: 0 };
    expect(startedAfter(nothing, 1)).toBeGreaterThan(30);
    expect(startedAfter(nothing, 1)).toBeLessThan(60);
  });

  test('what is too late for the promise is what the scaler adds tasks for, up to its most', () => {
    const alone = startedAfter({ ...fleet, tasksMax: 2 }, 200);
    expect(alone).toBeCloseTo(250, -1);
    expect(startedAfter(fleet, 200)).toBeLessThan(alone / 2);
    expect(startedAfter({ ...fleet, tasksMax: 4 }, 200)).toBeGreaterThan(startedAfter(fleet, 200));
  });

  test('a fleet that may have no task needs longer than anybody waits', () => {
    expect(startedAfter({ ...fleet, readyTasks: 0, tasksMax: 0 }, 1)).toBe(86_400);
  });

  test('more jobs never begin earlier, more ready tasks never later', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 8 }), (jobs, readyTasks) => {
        const now = startedAfter({ ...fleet, readyTasks, tasksMax: 8 }, jobs);
        expect(startedAfter({ ...fleet, readyTasks, tasksMax: 8 }, jobs + 50)).toBeGreaterThanOrEqual(now * 0.98);
        const without = { ...fleet, readyTasks, tasksMax: readyTasks };
        const more = { ...fleet, readyTasks: readyTasks + 1, tasksMax: readyTasks + 1 };
        expect(startedAfter(more, jobs)).toBeLessThanOrEqual(startedAfter(without, jobs) * 1.02 + 0.1);
      }),
      { seed: 3, numRuns: 60 },
    );
  });
});

describe('fleetFrom', () => {
  const [plan] = toServicePlans({ services: { convert: { worker: { concurrency: 4 }, tasks: { min: 1, max: 20 } } } });
  assert(plan !== undefined);

  test('without any state there are the plan and the priors', () => {
    expect(fleetFrom(plan, 'convert', undefined, undefined, 1000)).toMatchObject({
      readyTasks: 0,
      launches: [[0, 1]],
      concurrency: 4,
      serviceSeconds: 10,
      tasksMax: 20,
      startWithinSeconds: 60,
    });
  });

  test('what was asked for since the last learning is on its way; what was given up is not there', () => {
    const { hot, learnt } = initialState(0);
    const startDelay = { ...initialStartDelay(30, 60), running: 3, launches: [990] };
    const more = fleetFrom(plan, 'convert', { ...hot, asked: 6 }, { ...learnt, startDelay }, 1000);
    expect([more.readyTasks, more.launches]).toEqual([3, [[10, 3]]]);
    const fewer = fleetFrom(plan, 'convert', { ...hot, asked: 2 }, { ...learnt, startDelay }, 1000);
    expect(fewer.readyTasks).toBe(2);
  });
});
