import { describe, expect, it } from 'vitest';
import { defaultQueueFactorRules } from '../../../lib/decide/policies/queue-factor.ts';
import { percentChange, timesFactor } from '../../../lib/decide/policies/rounding.ts';
import { presetBehavior } from '../../../lib/decide/policies/threshold.ts';
import type { Policy } from '../../../lib/model/policy.ts';
import { ask, type World, wanted } from './world.ts';

/** [what, count now, world, count wanted]; null: it cannot tell. */
type Row = readonly [string, number, World, number | null];
const table = (policy: Policy, rows: readonly Row[]): void => {
  it.each(rows)('%s', (_, current, world, expected) => {
    expect(wanted(policy, current, world)).toBe(expected);
  });
};

describe('backlogPerTask (requirements 2: target backlog per task)', () => {
  table({ type: 'backlogPerTask', target: 10 }, [
    ['rounds up', 1, { visible: 101 }, 11],
    ['leaves zero', 0, { visible: 1 }, 1],
    ['an exact multiple', 1, { visible: 100 }, 10],
    ['scales in to the backlog', 10, { visible: 25 }, 3],
    ['jobs in flight are not spare tasks (requirements 9.1)', 10, { visible: 25, inFlight: 40 }, 7],
    ['jobs in flight alone never scale out (facts/peers.md 1)', 2, { visible: 10, inFlight: 90 }, 2],
    ['empty and idle: none', 3, { visible: 0 }, 0],
    ['stale queue', 3, { visible: 'stale' }, null],
    ['a named queue depth wins over the queue', 1, { visible: 10, signals: { queueDepth: 40, activeJobs: 0 } }, 4],
  ]);
  describe('latency / time per job', () => {
    table({ type: 'backlogPerTask', latencySeconds: 600, secondsPerJob: 60 }, [
      ['600 s / 60 s is 10 a task', 1, { visible: 95 }, 10],
    ]);
  });
  it('without a time per job and without a finished job it cannot tell', () => {
    expect(wanted({ type: 'backlogPerTask', latencySeconds: 600 }, 1, { visible: 95 })).toBeNull();
  });
});

describe('targetTracking (requirements 2: ceil(current × value / target), tolerance 10 %, the largest wins)', () => {
  describe('one average', () => {
    table({ type: 'targetTracking', signals: [{ signal: 'cpu', target: 60 }] }, [
      ['ceil(4 × 90 / 60)', 4, { signals: { cpu: 90 } }, 6],
      ['10 × 66 / 60 is 11, exactly at the tolerance: none', 10, { signals: { cpu: 66 } }, 10],
      ['just above the tolerance', 10, { signals: { cpu: 66.1 } }, 12],
      ['exactly 10 % below: none', 10, { signals: { cpu: 54 } }, 10],
      ['just below', 10, { signals: { cpu: 53 } }, 9],
      ['idle', 10, { signals: { cpu: 0 } }, 0],
      ['an average over no tasks: one task finds out', 0, { signals: { cpu: 5 } }, 1],
      ['no binary noise: ceil(100 × 72 / 60)', 100, { signals: { cpu: 72 } }, 120],
      ['missing', 4, { signals: { cpu: 'missing' } }, null],
    ]);
  });
  describe('kubernetes.io, algorithm details: the ratio of value and target', () => {
    const policy: Policy = { type: 'targetTracking', signals: [{ signal: 'm', target: 100 }] };
    table(policy, [
      ['200m against 100m doubles', 3, { signals: { m: 200 } }, 6],
      ['50m against 100m halves', 4, { signals: { m: 50 } }, 2],
    ]);
  });
  describe('totals', () => {
    table({ type: 'targetTracking', signals: [{ signal: 'activeJobs', perTask: 10 }] }, [
      ['ceil(101 / 10)', 1, { signals: { activeJobs: 101 } }, 11],
      ['from no tasks', 0, { signals: { activeJobs: 25 } }, 3],
      ['within 10 % of the present share', 10, { signals: { activeJobs: 108 } }, 10],
      ['in flight stands in for activeJobs', 1, { visible: 0, inFlight: 35 }, 4],
    ]);
    table({ type: 'targetTracking', signals: [{ signal: 'requestsPerSecond', perTask: 100 }] }, [
      ['rps 100 a task', 3, { signals: { requestsPerSecond: 950 } }, 10],
    ]);
    table({ type: 'targetTracking', signals: [{ signal: 'queueDepth', perTask: 1000 }] }, [
      ['queue depth 1000 a task', 3, { visible: 5001 }, 6],
    ]);
  });
  describe('several (kubernetes.io: largest; one that fails bars scale-in and not scale-out)', () => {
    const policy: Policy = {
      type: 'targetTracking',
      signals: [
        { signal: 'cpu', target: 70 },
        { signal: 'memory', target: 80 },
      ],
    };
    table(policy, [
      ['the largest wins', 4, { signals: { cpu: 35, memory: 120 } }, 6],
      ['unknown and down: stays', 5, { signals: { cpu: 35 } }, 5],
      ['unknown and up: goes', 3, { signals: { cpu: 105 } }, 5],
      ['stale and down: stays', 5, { signals: { cpu: 35, memory: 'stale' } }, 5],
      ['all unknown', 5, {}, null],
    ]);
  });
  it('tolerance of a direction: 103 MiB for 100 MiB at 5 % does nothing, 106 MiB does (kubernetes.io, tolerance)', () => {
    const policy: Policy = { type: 'targetTracking', tolerance: 0.05, signals: [{ signal: 'mib', target: 100 }] };
    expect(wanted(policy, 10, { signals: { mib: 105 } })).toBe(10);
    expect(wanted(policy, 10, { signals: { mib: 106 } })).toBe(11);
  });
});

describe('steps', () => {
  describe('AWS rounding of percent (facts/peers.md 1)', () => {
    it.each([
      [10, 25, 2],
      [10, 29, 2],
      [3, 50, 1],
      [10, 5, 1],
      [10, 10, 1],
      [1, 10, 1],
      [10, -5, -1],
      [3, -50, -1],
      [10, -29, -2],
      [10, -67, -6],
      [10, 0, 0],
    ])('%i tasks, %i %%: %i', (count, percent, change) => {
      expect(percentChange(count, percent)).toBe(change);
    });
  });
  describe('CDK QueueProcessing (facts/peers.md 2): ≤ 0 −1, ≥ 100 +1, ≥ 500 +5, nothing between', () => {
    const policy: Policy = {
      type: 'steps',
      signal: 'queueDepth',
      adjustment: 'change',
      steps: [
        { to: 0, by: -1 },
        { from: 100, by: 1 },
        { from: 500, by: 5 },
      ],
    };
    // CDK closes the open ranges: 100 ends where 500 begins. The steps below say so.
    const closed: Policy = {
      ...policy,
      steps: [
        { to: 0, by: -1 },
        { from: 100, to: 500, by: 1 },
        { from: 500, by: 5 },
      ],
    };
    for (const each of [policy, closed])
      table(each, [
        ['0', 3, { visible: 0 }, 2],
        ['1', 3, { visible: 1 }, 3],
        ['99', 3, { visible: 99 }, 3],
        ['100', 3, { visible: 100 }, 4],
        ['499', 3, { visible: 499 }, 4],
        ['500', 3, { visible: 500 }, 8],
        ['unknown', 3, { visible: 'stale' }, null],
      ]);
  });
  describe('bounds: above the gap from ≤ x < to, below it from < x ≤ to', () => {
    table(
      {
        type: 'steps',
        signal: 'cpu',
        adjustment: 'percent',
        steps: [
          { to: 20, by: -50 },
          { from: 20, to: 30, by: -20 },
          { from: 60, to: 80, by: 10 },
          { from: 80, by: 50 },
        ],
      },
      [
        ['20 belongs to the lower range', 10, { signals: { cpu: 20 } }, 5],
        ['30 is inside', 10, { signals: { cpu: 30 } }, 8],
        ['31 is in the gap', 10, { signals: { cpu: 31 } }, 10],
        ['60 is inside', 10, { signals: { cpu: 60 } }, 11],
        ['80 belongs to the upper range', 10, { signals: { cpu: 80 } }, 15],
      ],
    );
  });
  describe('exact', () => {
    table(
      {
        type: 'steps',
        signal: 'queueDepth',
        adjustment: 'exact',
        steps: [
          { to: 0, by: 0 },
          { from: 1, to: 100, by: 2 },
          { from: 100, by: 9 },
        ],
      },
      [
        ['empty', 5, { visible: 0 }, 0],
        ['1', 5, { visible: 1 }, 2],
        ['100', 1, { visible: 100 }, 9],
      ],
    );
  });
  describe('a signal that is low when it is busy', () => {
    table(
      {
        type: 'steps',
        signal: 'freeSlots',
        adjustment: 'change',
        steps: [
          { to: 5, by: 3 },
          { from: 5, to: 10, by: 1 },
          { from: 50, by: -1 },
        ],
      },
      [
        ['5', 2, { signals: { freeSlots: 5 } }, 5],
        ['10', 2, { signals: { freeSlots: 10 } }, 3],
        ['11', 2, { signals: { freeSlots: 11 } }, 2],
        ['50', 2, { signals: { freeSlots: 50 } }, 1],
      ],
    );
  });
  it('percent leaves zero', () => {
    expect(
      wanted({ type: 'steps', signal: 'queueDepth', adjustment: 'percent', steps: [{ from: 1, by: 50 }] }, 0, {
        visible: 7,
      }),
    ).toBe(1);
  });
});

describe('rounding: halve is floor, every other factor rounds up (requirements 2)', () => {
  it.each([
    [5, 0.5, 2],
    [1, 0.5, 0],
    [3, 1.5, 5],
    [5, 0.7, 4],
    [10, 0.7, 7],
    [10, 0.8, 8],
    [4, 0.8, 4],
    [7, 2, 14],
    [10, 1.1, 11],
  ])('%i × %d is %i', (count, factor, expected) => {
    expect(timesFactor(count, factor)).toBe(expected);
  });
});

describe('queueFactor (requirements 2: > 100 ×2.0; > 50 ×1.5; < 10 and active < 5 ×0.5)', () => {
  table({ type: 'queueFactor', rules: defaultQueueFactorRules }, [
    ['101', 5, { visible: 101 }, 10],
    ['100 is not above 100', 5, { visible: 100 }, 8],
    ['51', 5, { visible: 51 }, 8],
    ['50', 5, { visible: 50 }, 5],
    ['10', 5, { visible: 10 }, 5],
    ['9 and 4 active', 5, { visible: 9, inFlight: 4 }, 2],
    ['9 and 5 active', 5, { visible: 9, inFlight: 5 }, 5],
    ['the last task stays while there is work', 1, { visible: 3 }, 1],
    ['and goes when there is none', 1, { visible: 0 }, 0],
    ['twice nothing is one', 0, { visible: 200 }, 1],
    ['below every threshold, and yet not for ever', 0, { visible: 5 }, 1],
    ['unknown', 5, { visible: 'stale' }, null],
    ['active jobs unknown: not scaled in', 5, { signals: { queueDepth: 0, activeJobs: 'stale' } }, 5],
  ]);
});

describe('threshold', () => {
  describe('controller: out CPU > 80 or memory > 85 or queue > 100 double; in CPU < 30, memory < 40, queue < 10 halve', () => {
    for (const policy of [{ type: 'threshold' }, { type: 'threshold', preset: 'controller' }] as const)
      table(policy, [
        ['CPU 81', 5, { visible: 50, signals: { cpu: 81, memory: 50 } }, 10],
        ['CPU 80', 5, { visible: 50, signals: { cpu: 80, memory: 50 } }, 5],
        ['memory 86', 5, { visible: 50, signals: { cpu: 50, memory: 86 } }, 10],
        ['queue 101', 5, { visible: 101, signals: { cpu: 50, memory: 50 } }, 10],
        ['all low', 5, { visible: 9, signals: { cpu: 29, memory: 39 } }, 2],
        ['CPU 30 is not below', 5, { visible: 9, signals: { cpu: 30, memory: 39 } }, 5],
        ['queue 10 is not below', 5, { visible: 10, signals: { cpu: 29, memory: 39 } }, 5],
        ['one known is enough to scale out', 5, { visible: 101 }, 10],
        ['all must be known to scale in', 5, { visible: 0, signals: { cpu: 1 } }, 5],
        ['nothing known', 5, { visible: 'stale', signals: {} }, null],
      ]);
  });
  describe('conservative: out 80/85 ×1.5, in 30/40 ×0.7', () => {
    table({ type: 'threshold', preset: 'conservative' }, [
      ['CPU 81', 5, { signals: { cpu: 81, memory: 1 } }, 8],
      ['memory 86', 5, { signals: { cpu: 1, memory: 86 } }, 8],
      ['both low', 10, { signals: { cpu: 29, memory: 39 } }, 7],
      ['between', 10, { signals: { cpu: 29, memory: 40 } }, 10],
    ]);
  });
  describe('aggressive: out 70/75 ×2.0, in 40/50 ×0.8', () => {
    table({ type: 'threshold', preset: 'aggressive' }, [
      ['CPU 71', 5, { signals: { cpu: 71, memory: 1 } }, 10],
      ['memory 76', 5, { signals: { cpu: 1, memory: 76 } }, 10],
      ['both low', 10, { signals: { cpu: 39, memory: 49 } }, 8],
    ]);
  });
  describe('collector: queue > 1000 double, < 100 halve', () => {
    table({ type: 'threshold', preset: 'collector' }, [
      ['1001', 10, { visible: 1001, signals: { cpu: 50, memory: 50 } }, 20],
      ['1000', 10, { visible: 1000, signals: { cpu: 50, memory: 50 } }, 10],
      ['99', 10, { visible: 99, signals: { cpu: 20, memory: 20 } }, 5],
      ['100', 10, { visible: 100, signals: { cpu: 20, memory: 20 } }, 10],
      ['CPU 81', 10, { visible: 0, signals: { cpu: 81, memory: 20 } }, 20],
    ]);
  });
  it('every number is a setting', () => {
    const world: World = { visible: 50, signals: { cpu: 85, memory: 50 } };
    expect(wanted({ type: 'threshold', out: { cpu: 90 } }, 4, world)).toBe(4);
    expect(wanted({ type: 'threshold', out: { factor: 3 } }, 4, world)).toBe(12);
    expect(
      wanted({ type: 'threshold', preset: 'aggressive', in: { queue: 5, factor: 0.5 } }, 4, {
        visible: 4,
        signals: { cpu: 1, memory: 1 },
      }),
    ).toBe(2);
  });
  it('cooldowns of the presets (requirements 2)', () => {
    expect(presetBehavior.conservative).toEqual({ scaleOutCooldownSeconds: 300, scaleInCooldownSeconds: 600 });
    expect(presetBehavior.aggressive).toEqual({ scaleOutCooldownSeconds: 120, scaleInCooldownSeconds: 300 });
  });
});

describe('dampened (requirements 2: max of CPU/70, memory/80, latency/500 ms, rate/(tasks × 50))', () => {
  table({ type: 'dampened', cpu: 70, memory: 80, latencyMs: 500, ratePerTask: 50 }, [
    ['CPU 91: factor 1.3', 10, { signals: { cpu: 91, memory: 8, latencyMs: 5, requestsPerSecond: 1 } }, 13],
    ['memory 120: factor 1.5', 10, { signals: { cpu: 1, memory: 120, latencyMs: 5, requestsPerSecond: 1 } }, 15],
    ['at most 2', 10, { signals: { cpu: 1, memory: 1, latencyMs: 5000, requestsPerSecond: 1 } }, 20],
    ['rate 650 over 10 × 50: 1.3', 10, { signals: { requestsPerSecond: 650 } }, 13],
    ['exactly 1.2', 10, { signals: { cpu: 84 } }, 10],
    ['exactly 0.8', 10, { signals: { cpu: 56 } }, 10],
    ['below 0.8: at most one fewer', 10, { signals: { cpu: 10 } }, 9],
    ['ceil(0.8 × 5)', 5, { signals: { cpu: 10 } }, 4],
    ['ceil(0.8 × 4) is 4', 4, { signals: { cpu: 10 } }, 4],
    ['a service without that signal leaves it out', 10, { signals: { cpu: 10, latencyMs: 'missing' } }, 9],
    ['a signal that went stale bars scale-in', 10, { signals: { cpu: 10, latencyMs: 'stale' } }, 10],
    ['none known', 10, {}, null],
    ['no tasks: the rate counts as 2, and one task starts', 0, { signals: { requestsPerSecond: 30 } }, 1],
  ]);
  it('looks every 30 s', () => {
    const policy: Policy = { type: 'dampened', cpu: 70, memory: 80, latencyMs: 500, ratePerTask: 50 };
    const hot: World = { signals: { cpu: 140 } };
    const first = ask(policy, 4, { ...hot, now: 1000 });
    const second = ask(policy, 8, { ...hot, now: 1020 }, first.policies);
    const third = ask(policy, 8, { ...hot, now: 1030 }, second.policies);
    expect([first, second, third].map(({ proposal }) => proposal.kind === 'count' && proposal.desired)).toEqual([
      8, 8, 16,
    ]);
  });
});

describe('the last task (requirements 9.11: to zero and back without dead zones)', () => {
  const byCpu: Policy = { type: 'targetTracking', signals: [{ signal: 'cpu', target: 60 }] };
  table(byCpu, [
    ['goes when there is no work', 3, { visible: 0, signals: { cpu: 0 } }, 0],
    ['stays while there is a visible job', 3, { visible: 1, signals: { cpu: 0 } }, 1],
    ['stays while a job is in flight', 3, { visible: 0, inFlight: 1, signals: { cpu: 0 } }, 1],
    ['stays while requests come in', 3, { signals: { cpu: 0, requestsPerSecond: 2 } }, 1],
    [
      'nothing goes while the queue is unknown, though the policy does not look at it',
      3,
      { visible: 'stale', signals: { cpu: 0 } },
      3,
    ],
    ['comes back for a job', 0, { visible: 1, signals: { cpu: 0 } }, 1],
  ]);
  it('says why', () => {
    expect(ask(byCpu, 3, { visible: 1, signals: { cpu: 0 } }).steps).toMatchObject([
      { code: 'keepForWork', from: 3, to: 1 },
    ]);
    expect(ask(byCpu, 0, { visible: 1, signals: { cpu: 0 } }).steps).toMatchObject([
      { code: 'wakeForWork', from: 0, to: 1 },
    ]);
    expect(ask(byCpu, 3, { visible: 'stale', signals: { cpu: 0 } }).steps).toMatchObject([
      { code: 'workUnknown', from: 3, to: 3 },
    ]);
  });
});
