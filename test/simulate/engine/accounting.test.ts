import { describe, expect, it } from 'vitest';
import { worlds } from '../../../lib/simulate/world.ts';
import { exactWorld, jobsOf, record, script, setup } from './fixtures.ts';

/**
 * Goal: task-seconds, waits and kills as a person with a pencil gets them.
 * Method: a start delay of exactly 40 s, billed from its 20th second on; every figure below is added up by hand.
 */
const none = jobsOf([[999, 1]], 1000);
const billed = (...args: Parameters<typeof record>): number => record(...args).outcome.billedSeconds;

describe('the bill', () => {
  it.each([
    ['a task from 0 to the end at 1000 is billed from its pull at 20', { 0: 1 }, 980],
    ['one that is called off before its pull costs nothing', { 0: 1, 20: 0 }, 0],
    ['one that is called off during its pull costs the minute', { 0: 1, 30: 0 }, 60],
    ['one that is stopped after 50 s of billing costs the minute', { 0: 1, 70: 0 }, 60],
    ['one that is stopped after 100 s of billing costs 100 s', { 0: 1, 120: 0 }, 100],
    ['two at once cost twice as much', { 0: 2, 120: 0 }, 200],
    ['the youngest launch is called off first', { 0: 1, 20: 2, 30: 1, 120: 0 }, 100],
    ['a count beyond the bounds is cut', { 0: 1e6, 120: 0 }, 100 * 100],
  ] as const)('%s', (_, counts, expected) => {
    expect(billed(none, setup(), script(counts))).toBe(expected);
  });

  it('time between the decision to stop and the end is billed', () => {
    const world = { ...exactWorld, stopLagSeconds: 10 };
    expect(billed(none, setup({ world }), script({ 0: 1, 120: 0 }))).toBe(110);
  });

  it('parts of a second are billed in full', () => {
    const world = { ...exactWorld, startDelay: { medianSeconds: 41, p95Seconds: 41, pullShare: 0.5 } };
    expect(billed(none, setup({ world }), script({ 0: 1, 120: 0 }))).toBe(100);
  });

  it('known starts are ready at once, their pull billed all the same', () => {
    const { outcome } = record(jobsOf([[5, 10]], 200), setup({ startsKnownAhead: true }), script({ 0: 1, 100: 0 }));
    expect(outcome.waits[0]).toBe(0);
    expect(outcome.billedSeconds).toBe(120);
  });
});

describe('waits', () => {
  it('run from arrival to start, first come first served', () => {
    // Ready at 40; jobs at 0, 1, 50 take 5, 8, 2 s.
    const { outcome } = record(jobsOf([[0, 5], [1, 8], [50, 2]], 200), setup(), script({ 0: 1 })); // biome-ignore format: a table
    expect([...outcome.waits]).toEqual([40, 44, 3]);
    expect(outcome).toMatchObject({ late: 0, judged: 3, attained: 1, backlogMax: 2 });
  });

  it('a job that never starts is late once it is older than the promise, and else not judged', () => {
    const jobs = jobsOf([[0, 5], [100, 5], [150, 5]], 200); // biome-ignore format: a table
    const { outcome } = record(jobs, setup(), script({}));
    expect(outcome).toMatchObject({ late: 2, judged: 2, attained: 0, leftSlotSeconds: 15, billedSeconds: 0 });
  });

  it('work that is cut off by the end is left over', () => {
    const { outcome } = record(jobsOf([[0, 100]], 120), setup(), script({ 0: 1 }));
    expect(outcome.leftSlotSeconds).toBe(20);
    expect(outcome.busySlotSeconds).toBe(80);
  });
});

describe('scale-in', () => {
  it('under protection a busy task ends with its job, not before', () => {
    // Starts at 40, told to stop at 60, ends with its job at 135; the other job is left alone.
    const jobs = jobsOf([[0, 95], [50, 5]], 400); // biome-ignore format: a table
    const { outcome, truths } = record(jobs, setup(), script({ 0: 1, 60: 0 }));
    expect(outcome).toMatchObject({ billedSeconds: 115, killed: 0, late: 1 });
    expect(outcome.jobs).toMatchObject({ completed: 1, waiting: 1 });
    expect(truths.map(({ running }) => running).lastIndexOf(1)).toBe(13);
  });

  it('a task that is wanted again before its job ends goes on', () => {
    const jobs = jobsOf([[0, 100], [150, 10]], 400); // biome-ignore format: a table
    const { outcome } = record(jobs, setup(), script({ 0: 1, 60: 0, 100: 1 }));
    expect(outcome).toMatchObject({ starts: 1, billedSeconds: 380 });
    expect(outcome.waits[1]).toBe(0);
  });

  it('with several jobs a task the least busy one takes no more jobs and can be called back', () => {
    // Two tasks of two slots, ready at 40: three jobs of 100 s are there, so one task has a free slot.
    const list = [[0, 100], [0, 100], [0, 100], [70, 5], [100, 5]] as const; // biome-ignore format: a table
    const { outcome, truths } = record(
      jobsOf(list, 400),
      setup({ concurrency: 2 }),
      script({ 0: 2, 60: 1, 90: 2, 200: 0 }),
    );
    // The job of 70 waits until the draining task is called back at 90.
    expect([...outcome.waits]).toEqual([40, 40, 40, 20, 0]);
    expect(outcome).toMatchObject({ starts: 2, killed: 0, billedSeconds: 2 * 180 });
    expect(truths.find(({ t }) => t === 80)).toMatchObject({ waiting: 1, inFlight: 3 });
  });

  it('without protection the job is killed at the stop timeout and comes back after its visibility timeout', () => {
    // Starts at 40; SIGTERM at 60, SIGKILL at 90; visible at 150; the next task, asked for at 120, is ready at 160.
    const given = setup({ protect: false });
    const { outcome, sights, truths } = record(jobsOf([[0, 100]], 400), given, script({ 0: 1, 60: 0, 120: 1 }));
    expect(outcome).toMatchObject({ killed: 1, starts: 2, late: 1, judged: 1, billedSeconds: 70 + 260 });
    expect([...outcome.waits]).toEqual([160]);
    expect(truths.find(({ t }) => t === 100)).toMatchObject({ hidden: 1, inFlight: 0, waiting: 0 });
    expect(sights.find(({ t }) => t === 100)?.queue).toEqual({ visible: 0, inFlight: 1 });
    expect(sights.find(({ t }) => t === 150)?.queue).toEqual({ visible: 1, inFlight: 0 });
  });

  it('a job that ends within the stop timeout is not killed', () => {
    const { outcome } = record(jobsOf([[0, 40]], 400), setup({ protect: false }), script({ 0: 1, 60: 0 }));
    expect(outcome).toMatchObject({ killed: 0, billedSeconds: 60 });
  });
});

describe('what is seen', () => {
  const jobs = jobsOf([[0, 30], [1, 30], [2, 30]], 400); // biome-ignore format: a table

  it('reports are differences of totals, as old as the world has it', () => {
    const world = { ...exactWorld, reportLagSeconds: 20 };
    const { sights } = record(jobs, setup({ world }), script({ 0: 1 }));
    const at = (t: number) => sights.find((sight) => sight.t === t)?.work;
    // The first job starts at 40 (late is above 60 s) and ends at 70, the second starts then, 69 s after it came.
    expect(at(50)).toEqual({ started: 0, late: 0, completed: 0, busySlotSeconds: 0 });
    expect(at(60)).toEqual({ started: 1, late: 0, completed: 0, busySlotSeconds: 0 });
    expect(at(90)).toEqual({ started: 1, late: 1, completed: 1, busySlotSeconds: 10 });
  });

  it('minutes appear between one and two minutes late, in order, and say what happened in them', () => {
    const { sights } = record(jobs, setup(), script({ 0: 1 }));
    const points = sights.flatMap(({ t, minutes }) => minutes.map((point) => ({ seen: t, ...point })));
    expect(points.map(({ t }) => t)).toEqual([60, 120, 180, 240].slice(0, points.length));
    expect(points.length).toBeGreaterThanOrEqual(4);
    for (const { seen, t } of points) {
      expect(seen - t).toBeGreaterThanOrEqual(60);
      expect(seen - t).toBeLessThanOrEqual(130);
    }
    expect(points[0]).toMatchObject({ visible: 2, inFlight: 1, running: 1, sent: 3, deleted: 0 });
    expect(points[1]).toMatchObject({ visible: 0, inFlight: 1, sent: 0, deleted: 2 });
    expect(points[0]?.cpu).toBeCloseTo(0.9);
  });

  it('a false zero now and then, in the share of the world', () => {
    const world = { ...exactWorld, falseZeroShare: 0.1 };
    const waiting = jobsOf(
      Array.from({ length: 50 }, () => [0, 1] as const),
      60_000,
    );
    const { sights } = record(waiting, setup({ world }), script({}));
    const zeros = sights.slice(1).filter(({ queue }) => queue.visible === 0).length;
    expect(zeros / sights.length).toBeGreaterThan(0.08);
    expect(zeros / sights.length).toBeLessThan(0.12);
  });

  it('draining tasks are seen in the ideal world only', () => {
    const seen = (world: typeof exactWorld) =>
      record(jobsOf([[0, 100]], 200), setup({ world }), script({ 0: 1, 60: 0 })).sights.find(({ t }) => t === 70)
        ?.service;
    expect(seen(exactWorld)).toEqual({ desired: 0, running: 1, pending: 0, draining: 1 });
    expect(seen({ ...exactWorld, seesDraining: worlds.realistic.seesDraining })).toEqual({
      desired: 0,
      running: 1,
      pending: 0,
    });
  });
});
