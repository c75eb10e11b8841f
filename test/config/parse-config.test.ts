import { describe, expect, it } from 'vitest';
import { parseConfig, toServicePlans } from '../../lib/config/parse-config.ts';
import { BadInput } from '../../lib/model/bad-input.ts';
import type { ServicePlan } from '../../lib/model/plan.ts';
import { designConfig } from './design-config.ts';

const good = (input: unknown) => {
  const parsed = parseConfig(input);
  if (!parsed.ok) throw new BadInput(parsed.issues);
  return parsed;
};
const planOf = (fields: object, top: object = {}): ServicePlan => {
  const [plan] = good({ ...top, services: { a: fields } }).plans;
  if (!plan) throw new Error('no plan');
  return plan;
};
const warningsOf = (fields: object, top: object = {}) =>
  good({ ...top, services: { a: fields } }).warnings.map(({ code }) => code);

describe('plans', () => {
  it('takes the config of the design page whole', () => {
    const [plan] = good(designConfig).plans;
    expect(plan?.queues).toEqual([{ name: 'convert', percent: 99, startWithinSeconds: 60, fifo: false }]);
    expect(plan?.schedule[0]).toEqual({
      name: 'business',
      days: 'weekdays',
      fromMinute: 480,
      toMinute: 1080,
      tasks: { min: 5, max: 5 },
      size: { cpu: 1024, memoryMiB: 2048 },
    });
    expect(plan?.schedule[2]).not.toHaveProperty('fromMinute');
    expect(plan?.calendar.holidays).toEqual(expect.arrayContaining(['2026-12-24', '2026-12-25', '2027-03-26']));
    expect(plan?.behavior.scaleIn).toEqual({
      stabilizationSeconds: 300,
      cooldownSeconds: 0,
      select: 'max',
      policies: [{ percent: 50, periodSeconds: 60 }],
      tolerance: 0,
    });
  });

  it('fills every default of an empty service', () => {
    const none = { stabilizationSeconds: 0, cooldownSeconds: 0, select: 'max', policies: [], tolerance: 0 };
    expect(planOf({})).toEqual({
      service: 'a',
      mode: 'act',
      tickSeconds: 10,
      queues: [{ name: 'a', percent: 99, startWithinSeconds: 60, fifo: false }],
      worker: { cpu: 256, memoryMiB: 512, concurrency: 1, stopTimeoutSeconds: 120, architecture: 'x86' },
      tasks: { min: 0, max: 10 },
      priority: 'normal',
      policy: { type: 'slo' },
      behavior: { scaleOut: none, scaleIn: none },
      calendar: { timeZone: 'UTC', holidays: [] },
      schedule: [],
      uses: {},
      events: [],
    });
  });

  it('survives JSON, as the bindings need it', () => {
    const { plans } = good(designConfig);
    expect(JSON.parse(JSON.stringify(plans))).toEqual(plans);
  });

  it('paces any other policy as Kubernetes does, direction by direction', () => {
    const { behavior } = planOf({
      policy: { type: 'queueFactor' },
      behavior: { scaleIn: { stabilizationSeconds: 60 } },
    });
    expect(behavior.scaleOut).toEqual({
      stabilizationSeconds: 0,
      cooldownSeconds: 0,
      select: 'max',
      policies: [
        { percent: 100, periodSeconds: 15 },
        { tasks: 4, periodSeconds: 15 },
      ],
      tolerance: 0,
    });
    expect(behavior.scaleIn).toEqual({
      stabilizationSeconds: 60,
      cooldownSeconds: 0,
      select: 'max',
      policies: [{ percent: 100, periodSeconds: 15 }],
      tolerance: 0,
    });
    expect(planOf({ policy: { type: 'max', of: [{ type: 'slo' }] } }).behavior.scaleIn.stabilizationSeconds).toBe(300);
    expect(planOf({ policy: { type: 'threshold', preset: 'aggressive' } }).behavior.scaleOut.cooldownSeconds).toBe(120);
  });

  it('gives a window with a policy of its own the pace of that policy', () => {
    const plan = planOf({
      schedule: [{ days: 'weekends', policy: { type: 'backlogPerTask', target: 3 } }, { name: 'rest' }],
    });
    expect(plan.schedule[0]?.behavior?.scaleIn.stabilizationSeconds).toBe(300);
    expect(plan.schedule[1]).not.toHaveProperty('behavior');
  });

  it.each([
    [{ cpu: 1024 }, 1024, 2048],
    [{ memoryMiB: 1024 }, 256, 1024],
    [{ memoryMiB: 4096 }, 512, 4096],
    [{ cpu: 16384 }, 16384, 32768],
  ])('completes the size %j', (worker, cpu, memoryMiB) => {
    expect(planOf({ worker }).worker).toMatchObject({ cpu, memoryMiB });
  });

  it('has no promise and a floor of one without a queue', () => {
    const plan = planOf({ queue: false });
    expect([plan.queues, plan.tasks, plan.policy]).toEqual([
      [],
      { min: 1, max: 10 },
      { type: 'targetTracking', signals: [{ signal: 'cpu', target: 60 }], tolerance: 0.1 },
    ]);
  });

  it('gives each class its own promise', () => {
    const queues = [{ name: 'urgent', slo: { startWithinSeconds: 30 } }, { name: 'relaxed.fifo' }];
    expect(planOf({ queues, slo: { percent: 95, startWithinSeconds: 28_800 } }).queues).toEqual([
      { name: 'urgent', percent: 99, startWithinSeconds: 30, fifo: false },
      { name: 'relaxed.fifo', percent: 95, startWithinSeconds: 28_800, fifo: true },
    ]);
  });

  it('reads events on the wall clock of the service, unless they say a zone', () => {
    const events = [
      { at: '2026-11-27T08:00', for: '1h30m', factor: 3 },
      { at: '2026-11-27T08:00Z', for: '1d', factor: 2 },
    ];
    expect(planOf({ events }, { timeZone: 'Europe/Copenhagen' }).events).toEqual([
      { at: Date.parse('2026-11-27T07:00Z') / 1000, forSeconds: 5400, factor: 3 },
      { at: Date.parse('2026-11-27T08:00Z') / 1000, forSeconds: 86_400, factor: 2 },
    ]);
  });

  it('takes fallback, flaps, budget and both kinds of vote', () => {
    const plan = planOf({
      tasks: { min: 2 },
      fallback: { afterMinutes: 5, count: 'currentIfHigher' },
      flaps: { perHour: 6 },
      budget: { usdPerMonth: 100 },
      policy: { type: 'all', of: [{ type: 'vote' }, { type: 'vote', of: [{ type: 'slo' }], atLeast: 1 }] },
    });
    expect(plan).toMatchObject({
      fallback: { afterSeconds: 300, count: 'currentIfHigher', than: 2 },
      flapsPerHour: 6,
      budget: { usdPerMonth: 100, at80: 'warn', at95: 'hold', at100: 'min' },
    });
    expect(plan.policy).toEqual({
      type: 'all',
      of: [
        {
          type: 'vote',
          history: 3,
          out: {
            atLeast: 2,
            signals: { cpu: 70, memory: 80, requestsPerSecond: 100, latencyMs: 1000, errorPercent: 5 },
          },
          in: { signals: { cpu: 30, memory: 40, requestsPerSecond: 20, latencyMs: 200, errorPercent: 1 } },
        },
        { type: 'vote', of: [{ type: 'slo' }], atLeast: 1 },
      ],
    });
  });

  it('lets a service keep a calendar of its own', () => {
    const top = { timeZone: 'Europe/Copenhagen', holidays: { dates: ['2026-12-24'] } };
    expect(planOf({}, top).calendar).toEqual({ timeZone: 'Europe/Copenhagen', holidays: ['2026-12-24'] });
    expect(planOf({ timeZone: 'Asia/Kathmandu', holidays: { dates: ['2026-10-20'] } }, top).calendar).toEqual({
      timeZone: 'Asia/Kathmandu',
      holidays: ['2026-10-20'],
    });
  });

  it('throws every issue for an app that skips parseConfig', () => {
    expect(() => toServicePlans({ services: {} })).toThrow(/services: found no services/);
  });
});

it('knows public holidays only, by the days whose noon they hold', () => {
  const holidays = (country: string) => planOf({}, { holidays: { country } }).calendar.holidays;
  expect(holidays('DK').filter((date) => date.startsWith('2026'))).toEqual([
    '2026-01-01',
    '2026-04-02',
    '2026-04-03',
    '2026-04-05',
    '2026-04-06',
    '2026-05-14',
    '2026-05-24',
    '2026-05-25',
    '2026-12-25',
    '2026-12-26',
  ]);
  expect(holidays('DK').filter((date) => date === '2024-04-26' || date === '2023-05-05')).toEqual(['2023-05-05']);
  expect(holidays('IL')).toContain('2026-04-02');
  expect(holidays('CW')).toContain('2026-12-25');
  expect(holidays('CW')).not.toContain('2026-12-31');
});

const quiet = { worker: { entry: 'w.ts' }, slo: { startWithinSeconds: 300 } };
it.each<readonly [string, object, object, readonly string[]]>([
  ['nothing', quiet, {}, []],
  ['slo below the median start', { ...quiet, slo: { startWithinSeconds: 30 } }, {}, ['sloBelowStart']],
  ['slo below the slow starts', { ...quiet, slo: { startWithinSeconds: 60 } }, {}, ['sloBelowStart']],
  ['slo below two ticks', { ...quiet, slo: { startWithinSeconds: 100 } }, { tickSeconds: 60 }, ['sloBelowTick']],
  ['floor above max', { ...quiet, schedule: [{ days: 'weekdays', tasks: { min: 11 } }] }, {}, ['maxBelowFloor']],
  ['no floor that equals max', { ...quiet, schedule: [{ days: 'weekdays', tasks: { min: 10 } }] }, {}, []],
  ['exact above max', { ...quiet, schedule: [{ days: 'weekdays', tasks: { exact: 11 } }] }, {}, ['maxBelowFloor']],
  [
    'ceiling below min',
    { ...quiet, tasks: { min: 2 }, schedule: [{ days: 'weekdays', tasks: { max: 1 } }] },
    {},
    ['minAboveCeiling'],
  ],
  ['days beside dates', { ...quiet, schedule: [{ days: 'weekdays', dates: ['2026-11-27'] }] }, {}, ['daysIgnored']],
  ['fast tick', quiet, { tickSeconds: 4 }, ['fastTick']],
  ['only an image', { ...quiet, worker: { image: 'x' } }, {}, ['noLocalRun']],
  ['only a command', { ...quiet, worker: { command: ['x'] } }, {}, ['noImage']],
  ['nothing to run', { ...quiet, worker: {} }, {}, ['nothingToRun']],
  ['quota', { ...quiet, tasks: { max: 25 } }, {}, ['vcpuQuota']],
  [
    'quota in a window',
    { ...quiet, schedule: [{ days: 'weekdays', worker: { cpu: 1024, memoryMiB: 2048 } }] },
    {},
    ['vcpuQuota'],
  ],
  [
    'limits',
    { ...quiet, uses: { db: 20, redis: 10 } },
    { limits: { db: { total: 100 }, redis: { total: 90 } } },
    ['limitBinds'],
  ],
  ['limits that do not bind', { ...quiet, uses: { db: 20 } }, { limits: { db: { total: 200 } } }, []],
  ['zero without a queue', { worker: quiet.worker, queue: false, tasks: { min: 0 } }, {}, ['cannotLeaveZero']],
  [
    'zero on cpu alone',
    { ...quiet, policy: { type: 'targetTracking', signals: [{ signal: 'cpu', target: 60 }] } },
    {},
    ['cannotLeaveZero'],
  ],
])('warns of %s', (_name, fields, top, codes) => {
  expect(warningsOf(fields, top)).toEqual(codes);
});

it('says which limit binds first and what a fast tick costs', () => {
  const limits = { db: { total: 500 }, redis: { total: 200 } };
  const { warnings } = good({
    limits,
    tickSeconds: 2,
    services: { a: { ...quiet, tasks: { max: 24 }, uses: { db: 25, redis: 20 } } },
  });
  expect(warnings.map(({ text }) => text).join('\n')).toMatch(
    /USD 5\.92 a month.*\n.*"redis" binds first, at 10 tasks \(200 \/ 20 a task\), then "db" at 20/,
  );
});
