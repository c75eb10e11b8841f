import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../lib/model/policy.ts';
import { Service, settingsWith } from '../service.ts';

const t0 = 1_763_712_000;
const cpu: Policy = { type: 'targetTracking', signals: [{ signal: 'cpu', target: 60 }] };
const memory: Policy = { type: 'targetTracking', signals: [{ signal: 'memory', target: 70 }] };

/** Every policy, and combinations whose members cannot tell anything of no task at all. */
const policies: readonly (readonly [string, Policy])[] = [
  ['slo', { type: 'slo' }],
  ['backlogPerTask', { type: 'backlogPerTask', target: 1000 }],
  ['targetTracking', { type: 'targetTracking', signals: [{ signal: 'queueDepth', perTask: 1000 }] }],
  ['targetTracking of cpu', cpu],
  ['steps', { type: 'steps', signal: 'queueDepth', adjustment: 'percent', steps: [{ from: 1, by: 50 }] }],
  ['queueFactor', { type: 'queueFactor', rules: [{ above: 100, factor: 2 }] }],
  ['threshold', { type: 'threshold', preset: 'collector' }],
  [
    'vote',
    { type: 'vote', out: { atLeast: 2, signals: { cpu: 70, memory: 80 } }, in: { signals: { cpu: 30 } }, history: 3 },
  ],
  ['dampened', { type: 'dampened', cpu: 70, memory: 80, latencyMs: 500, ratePerTask: 50 }],
  ['predictive', { type: 'predictive', horizonMinutes: 15, minConfidence: 0.7, mode: 'full' }],
  ['max', { type: 'max', of: [cpu, memory] }],
  ['any', { type: 'any', of: [cpu, { type: 'slo' }] }],
  ['all', { type: 'all', of: [cpu, { type: 'backlogPerTask', target: 1000 }] }],
  ['a vote without enough voters', { type: 'vote', atLeast: 2, of: [cpu, memory, { type: 'slo' }] }],
];

describe.each(policies)('%s at zero tasks', (_name, policy) => {
  const wakes = (concurrency: number, startWithinSeconds: number, seconds: number) => {
    const settings = settingsWith({
      policy,
      queues: [{ name: 'convert', percent: 99, startWithinSeconds, fifo: false }],
      worker: { ...settingsWith().worker, concurrency },
    });
    const service = new Service(settings, 0);
    for (let now = t0; now <= t0 + seconds && service.desired === 0; now += 10)
      service.tick({ now, queue: { visible: 1 } });
    return service.desired;
  };

  it('one job gets a task within the minute', () => {
    expect(wakes(1, 60, 60)).toBeGreaterThanOrEqual(1);
  });

  it('also where a task could do twenty', () => {
    expect(wakes(20, 60, 60)).toBeGreaterThanOrEqual(1);
  });

  it('also where the promise is hours, and then before it is broken', () => {
    expect(wakes(1, 4 * 3600, 4 * 3600 - 60)).toBeGreaterThanOrEqual(1);
  });

  it('none where the bounds say none', () => {
    const service = new Service(settingsWith({ policy, tasks: { min: 0, max: 0 } }), 0);
    for (let now = t0; now < t0 + 300; now += 10) service.tick({ now, queue: { visible: 5 } });
    expect(service.desired).toBe(0);
  });

  it('none without a job', () => {
    const service = new Service(settingsWith({ policy }), 0);
    for (let now = t0; now < t0 + 300; now += 10) service.tick({ now, queue: { visible: 0 } });
    expect(service.desired).toBe(0);
  });
});
