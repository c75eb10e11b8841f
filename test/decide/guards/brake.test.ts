import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../lib/model/decision.ts';
import type { Settings } from '../../../lib/model/plan.ts';
import { settingsWith, unpacedBehavior } from '../service.ts';
import { Fleet } from './fleet.ts';

/** Doubles each five minutes while the queue is long, as a rule that looks at the queue alone. */
const eager: Settings = settingsWith({
  policy: { type: 'queueFactor', rules: [{ above: 20, factor: 2 }] },
  behavior: {
    ...unpacedBehavior,
    scaleOut: { ...unpacedBehavior.scaleOut, policies: [{ percent: 100, periodSeconds: 300 }] },
  },
  tasks: { min: 1, max: 400 },
});
const learning: Settings = settingsWith({ policy: { type: 'slo' }, tasks: { min: 1, max: 400 } });

const braked = (decisions: readonly Decision[]): readonly Decision[] =>
  decisions.filter(({ alerts }) => alerts.some(({ code }) => code === 'ineffective'));

describe('the brake goes on', () => {
  it('when a downstream answers no more than it did', () => {
    const fleet = new Fleet({ arrivals: 6, downstream: 2 }, 4, 100);
    const decisions = fleet.run(eager, 3600);
    expect(braked(decisions).length).toBeGreaterThan(100);
    expect(fleet.desired).toBeLessThan(160);
    const blocked = decisions.find(({ explanation }) => explanation.some(({ code }) => code === 'ineffective'));
    expect(blocked?.explanation.find(({ code }) => code === 'ineffective')?.text).toMatch(
      /Something else is the limit.*It would have been \d+/,
    );
  });

  it('when tasks run and never take a job', () => {
    const fleet = new Fleet({ arrivals: 1, connected: false }, 2, 50);
    expect(braked(fleet.run(eager, 1800)).length).toBeGreaterThan(50);
    expect(fleet.desired).toBeLessThan(100);
  });

  it('when every job fails', () => {
    const fleet = new Fleet({ arrivals: 1, failing: 1 }, 2, 50);
    expect(braked(fleet.run(eager, 1800)).length).toBeGreaterThan(50);
    expect(fleet.desired).toBeLessThan(100);
  });

  it('and off again when the downstream recovers', () => {
    const fleet = new Fleet({ arrivals: 6, downstream: 2 }, 4, 100);
    fleet.run(eager, 3600);
    fleet.workload.downstream = Infinity;
    const after = fleet.run(eager, 5400);
    expect(braked(after.slice(-60))).toEqual([]);
    expect(fleet.waiting).toBeLessThan(50);
  });

  it('and off when completions rise, though the backlog still grows', () => {
    const fleet = new Fleet({ arrivals: 12, downstream: 2 }, 4, 100);
    expect(braked(fleet.run(eager, 3600).slice(-30))).toHaveLength(30);
    fleet.workload.downstream = 8;
    const before = fleet.waiting;
    expect(braked(fleet.run(eager, 900)).length).toBeLessThan(60);
    expect(fleet.waiting).toBeGreaterThan(before);
  });

  it('lets a few more through three times, each time later, and then no more', () => {
    const fleet = new Fleet({ arrivals: 6, downstream: 2 }, 4, 100);
    const decisions = fleet.run(eager, 3 * 3600);
    const since = decisions.findIndex(({ alerts }) => alerts.some(({ code }) => code === 'ineffective'));
    const lifts = decisions.slice(since).filter(({ from, desired }) => desired > from);
    expect(lifts.map(({ from, desired }) => desired / from)).toEqual(lifts.map(() => expect.closeTo(1.25, 1)));
    expect(lifts).toHaveLength(3);
    const [first = 0, second = 0, third = 0] = lifts.map(({ at }) => at);
    expect(third - second).toBeGreaterThan(second - first);
    const count = fleet.desired;
    fleet.run(eager, 6 * 3600);
    expect(fleet.desired).toBe(count);
  });
});

describe('the brake stays off', () => {
  it.each([
    ['short jobs under a ramp', { arrivals: 20, serviceSeconds: 5 }, eager, 3600],
    ['jobs of ten minutes under a ramp', { arrivals: 0.1, serviceSeconds: 600 }, eager, 4 * 3600],
    ['jobs of ten minutes, all alike', { arrivals: 0.1, serviceSeconds: 600, cv: 0.01 }, eager, 4 * 3600],
    ['jobs of five minutes, all alike', { arrivals: 0.3, serviceSeconds: 300, cv: 0.01 }, eager, 4 * 3600],
    ['jobs of an hour, all alike', { arrivals: 0.01, serviceSeconds: 3600, cv: 0.01 }, eager, 8 * 3600],
    ['jobs of wild length', { arrivals: 2, serviceSeconds: 20, cv: 3 }, eager, 2 * 3600],
    ['slo under a burst', { arrivals: 10, serviceSeconds: 10 }, learning, 3600],
    ['slo with long jobs', { arrivals: 0.2, serviceSeconds: 300 }, learning, 4 * 3600],
    ['a few poison jobs', { arrivals: 10, serviceSeconds: 5, failing: 0.1 }, eager, 3600],
  ])('%s', (_what, workload, settings, seconds) => {
    const fleet = new Fleet(workload, 2, 200);
    expect(braked(fleet.run(settings, seconds))).toEqual([]);
  });

  it('a large fleet of ten-minute jobs that grows fourfold: none of the new tasks can have ended one yet', () => {
    const fleet = new Fleet({ arrivals: 100 / 600, serviceSeconds: 600, cv: 0.5 }, 100, 15);
    fleet.run(eager, 2 * 3600);
    fleet.waiting += 5000;
    expect(braked(fleet.run(eager, 2 * 3600))).toEqual([]);
  });

  it('arrivals that grow all day', () => {
    const fleet = new Fleet({ arrivals: 1, serviceSeconds: 8 }, 2, 10);
    for (let hour = 0; hour < 8; hour += 1) {
      fleet.workload.arrivals = 1 + hour * 3;
      expect(braked(fleet.run(eager, 3600))).toEqual([]);
    }
  });

  it.each([4, 10])('jobs that become %i times as long, to which the fleet grows', (times) => {
    // A standing queue, as a long promise has it: the smaller fleet was busy all the time too.
    const fleet = new Fleet({ arrivals: 1.6, serviceSeconds: 5, cv: 1 }, 8, 300);
    const patient = settingsWith({
      policy: { type: 'slo' },
      queues: [{ name: 'convert', percent: 99, startWithinSeconds: 300, fifo: false }],
      tasks: { min: 1, max: 400 },
    });
    fleet.run(patient, 3600);
    fleet.workload.serviceSeconds = 5 * times;
    expect(braked(fleet.run(patient, 3600))).toEqual([]);
  });

  it('jobs that become twice as long while the fleet grows: it lets go again', () => {
    const fleet = new Fleet({ arrivals: 3, serviceSeconds: 5 }, 10, 50);
    fleet.run(eager, 1800);
    fleet.workload.serviceSeconds = 15;
    fleet.run(eager, 3 * 3600);
    expect(fleet.waiting).toBeLessThan(100);
  });
});
