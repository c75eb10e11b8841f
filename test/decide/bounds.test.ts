import { describe, expect, it } from 'vitest';
import { keepBudgets } from '../../lib/decide/bounds/budget.ts';
import { fifoCap } from '../../lib/decide/bounds/fifo-cap.ts';
import { limitShare } from '../../lib/decide/bounds/limit-share.ts';
import { known, type Observation, unknown } from '../../lib/model/observation.ts';
import type { Settings } from '../../lib/model/plan.ts';
import { observationOf, Service, settingsWith } from './service.ts';

const t0 = 1_763_712_000;
const seenWith = (
  signals: Readonly<Record<string, number>>,
  queue: { visible?: number } = {},
  running = 1,
): Observation => ({
  ...observationOf({ now: t0, queue, service: { desired: running } }),
  signals: Object.fromEntries(Object.entries(signals).map(([name, value]) => [name, known(t0, value)])),
});

describe('a limit for one service', () => {
  it.each([
    ['25 tasks of 20 connections fit into 500', { limits: { db: 500 }, uses: { db: 20 } }, 40, 25],
    ['the tighter of two limits binds', { limits: { db: 500, redis: 200 }, uses: { db: 20, redis: 10 } }, 40, 20],
    ['a part of a task is none', { limits: { db: 59 }, uses: { db: 20 } }, 40, 2],
    ['exact in decimals', { limits: { rate: 0.3 }, uses: { rate: 0.1 } }, 40, 3],
    ['what fits is left alone', { limits: { db: 500 }, uses: { db: 20 } }, 25, 25],
    [
      'the vCPU quota counts the size of the task',
      { limits: { vcpu: 6 }, size: { cpu: 512, memoryMiB: 1024 } },
      40,
      12,
    ],
    ['a limit that it does not use is none of its business', { limits: { db: 20 }, uses: {} }, 40, 40],
  ] as const)('%s', (_what, settings: Partial<Settings>, wanted, desired) => {
    const ruling = limitShare(wanted, settingsWith(settings));
    expect(ruling.desired).toBe(desired);
    expect(ruling.alerts.map(({ code }) => code)).toEqual(desired < wanted ? ['limitShort'] : []);
  });

  it('is explained with the number that it would have been', () => {
    const service = new Service(settingsWith({ limits: { db: 100 }, uses: { db: 20 } }), 1);
    const decision = service.tick({ now: t0, queue: { visible: 300 } });
    expect(decision.desired).toBe(5);
    expect(decision.explanation.at(-1)).toMatchObject({ stage: 'allocate', code: 'aboveLimit', from: 30, to: 5 });
    expect(decision.explanation.at(-1)?.text).toContain('"db" of 100 allows 5 tasks at 20 each; 30 were wanted');
  });

  it('goes before pacing when it was lowered under a running fleet', () => {
    const slow = {
      stabilizationSeconds: 300,
      cooldownSeconds: 300,
      select: 'max',
      policies: [],
      tolerance: 0,
    } as const;
    const behavior = { scaleOut: slow, scaleIn: slow };
    const service = new Service(settingsWith({ limits: { db: 100 }, uses: { db: 20 }, behavior }), 9);
    expect(service.tick({ now: t0, queue: { visible: 90 } }).desired).toBe(5);
  });
});

describe('message groups of a FIFO queue', () => {
  const fifo = { queues: [{ name: 'convert', percent: 99, startWithinSeconds: 60, fifo: true }] };
  const two = { ...fifo, worker: { ...settingsWith().worker, concurrency: 2 } };
  it.each<[string, Partial<Settings>, Record<string, number>, number, number, number]>([
    ['three groups are work for three tasks', fifo, { activeGroups: 3 }, 1, 20, 3],
    ['five groups of two at once for three', two, { activeGroups: 5 }, 1, 20, 3],
    ['fewer than the cap stay', fifo, { activeGroups: 30 }, 1, 20, 20],
    ['no group and a job that waits: one', fifo, { activeGroups: 0 }, 1, 20, 1],
    ['the floor holds', { ...fifo, tasks: { min: 5, max: 50 } }, { activeGroups: 3 }, 1, 20, 5],
    ['a standard queue has no groups', {}, { activeGroups: 3 }, 1, 20, 20],
    ['unknown groups cap nothing', fifo, {}, 1, 20, 20],
    ['groups in flight cap while slots are free', fifo, { groupsInFlight: 3 }, 10, 20, 3],
    ['and not while every slot is taken: there may be more', fifo, { groupsInFlight: 10 }, 10, 20, 20],
  ])('%s', (_what, settings, signals, running, wanted, desired) => {
    expect(fifoCap(wanted, seenWith(signals, { visible: 90 }, running), settingsWith(settings)).desired).toBe(desired);
  });

  it('is one of the stages', () => {
    const service = new Service(settingsWith(fifo), 1);
    const decision = service.tick({ now: t0, queue: { visible: 300 }, signals: { activeGroups: 4 } });
    expect(decision.desired).toBe(4);
    expect(decision.explanation.map(({ code }) => code)).toContain('fifoGroups');
  });
});

describe('budgets', () => {
  const budget = { usdPerMonth: 100, at80: 'warn', at95: 'hold', at100: 'min' } as const;
  const bounds = { min: 2, max: 50 };
  it.each<[number, number, number, string[]]>([
    [79.9, 20, 20, []],
    [80, 20, 20, ['budget80']],
    [94.9, 20, 20, ['budget80']],
    [95, 20, 8, ['budget95']],
    [95, 5, 5, ['budget95']],
    [100, 20, 2, ['budget100']],
    [250, 20, 2, ['budget100']],
  ])('at USD %d of 100, 8 tasks and %i wanted: %i', (spentUsd, wanted, desired, codes) => {
    const ruling = keepBudgets(wanted, 8, seenWith({ spentUsd }), settingsWith({ budget, tasks: bounds }));
    expect(ruling.desired).toBe(desired);
    expect(ruling.alerts.map(({ code }) => code)).toEqual(codes);
  });

  it('holds above no floor: below it the floor is still reached', () => {
    const ruling = keepBudgets(2, 0, seenWith({ spentUsd: 96 }), settingsWith({ budget, tasks: bounds }));
    expect(ruling.desired).toBe(2);
  });

  it('warns of a forecast beyond the budget and does nothing else', () => {
    const seen = seenWith({ spentUsd: 30, forecastUsd: 130 });
    const ruling = keepBudgets(20, 8, seen, settingsWith({ budget, tasks: bounds }));
    expect(ruling).toMatchObject({ desired: 20, alerts: [{ code: 'budgetForecast', severity: 'warning' }] });
    expect(ruling.alerts[0]?.text).toContain('USD 130.00');
  });

  it('the budget of all services binds beside the own one', () => {
    const settings = settingsWith({ budget, sharedBudget: { ...budget, at80: 'min' }, tasks: bounds });
    const ruling = keepBudgets(20, 8, seenWith({ spentUsd: 96, sharedSpentUsd: 85 }), settings);
    expect(ruling.desired).toBe(2);
    expect(ruling.steps.map(({ from, to }) => [from, to])).toEqual([
      [20, 8],
      [8, 2],
    ]);
  });

  it('an unknown sum stops nothing, and says so', () => {
    const seen = { ...seenWith({}), signals: { spentUsd: unknown('missing', 'not read yet') } };
    const ruling = keepBudgets(20, 8, seen, settingsWith({ budget, tasks: bounds }));
    expect(ruling).toMatchObject({ desired: 20, alerts: [{ code: 'budgetUnknown' }] });
  });

  it('is explained with the number that it would have been', () => {
    const service = new Service(settingsWith({ budget }), 3);
    const decision = service.tick({ now: t0, queue: { visible: 300 }, signals: { spentUsd: 97 } });
    expect(decision.desired).toBe(3);
    expect(decision.explanation.at(-1)).toMatchObject({ code: 'budgetHold', from: 30, to: 3 });
  });

  it('goes down to the floor at 100 %, but not below work that a person holds', () => {
    const spent = { signals: { spentUsd: 120 } };
    const service = new Service(settingsWith({ budget, tasks: { min: 1, max: 50 } }), 9);
    service.tick({ now: t0, queue: { visible: 300 }, ...spent });
    expect(service.desired).toBe(1);
    service.settings = settingsWith({ budget, override: { kind: 'hold', desired: 6, until: t0 + 100 } });
    expect(service.tick({ now: t0 + 20, queue: { visible: 300 }, ...spent }).desired).toBe(6);
  });
});
