import { describe, expect, it } from 'vitest';
import type { Actions } from '../../../lib/decide/guards/actions.ts';
import { keepActions, turns } from '../../../lib/decide/guards/actions.ts';
import { flapBudget } from '../../../lib/decide/guards/flap-budget.ts';
import { scalingAlerts } from '../../../lib/decide/guards/scaling-alerts.ts';
import { stuckStarts } from '../../../lib/decide/guards/stuck-starts.ts';
import { freshLearnt } from '../../../lib/model/state.ts';
import { Service, settingsWith } from '../service.ts';

const t0 = 1_763_712_000;
const codes = (decision: { explanation: readonly { code: string }[] }): string[] =>
  decision.explanation.map((step) => step.code);
const alertCodes = (decision: { alerts: readonly { code: string }[] }): string[] =>
  decision.alerts.map((alert) => alert.code);

describe('the record of actions', () => {
  it('keeps an hour, and the last action however old', () => {
    const actions: Actions = [
      [t0 - 5000, 1],
      [t0 - 3600, 2],
      [t0 - 3599, -1],
    ];
    expect(keepActions(actions, t0)).toEqual([[t0 - 3599, -1]]);
    expect(keepActions(actions, t0 + 9000)).toEqual([[t0 - 3599, -1]]);
    expect(
      keepActions(
        Array.from({ length: 500 }, (_, i) => [t0 + i, 1] as const),
        t0 + 500,
      ),
    ).toHaveLength(60);
  });

  it('counts a turn at each change of direction', () => {
    const actions: Actions = [1, 2, -1, -1, 4, -2].map((delta, i) => [t0 + i * 10, delta] as const);
    expect(turns(actions, t0 + 60, 3600)).toEqual([t0 + 20, t0 + 40, t0 + 50]);
    expect(turns(actions, t0 + 60, 20)).toEqual([t0 + 50]);
  });
});

describe('the flap budget', () => {
  const flapping: Actions = [3, -1, 2, -1, 2].map((delta, i) => [t0 + i * 100, delta] as const);
  it.each([
    [undefined, flapping, false],
    [5, flapping, false],
    [4, flapping, true],
    [1, flapping, true],
    // A further step in is no turn.
    [1, [...flapping, [t0 + 500, -1]] as Actions, false],
    [1, [] as Actions, false],
  ])('of %s an hour: closed %#', (perHour, actions, closed) => {
    expect(flapBudget(perHour, actions, t0 + 600) !== undefined).toBe(closed);
  });

  it('opens when a turn is an hour old, at the time it named', () => {
    const closed = flapBudget(4, flapping, t0 + 600);
    expect(closed?.text).toContain(new Date((t0 + 100 + 3600) * 1000).toISOString().slice(11, 19));
    expect(flapBudget(4, flapping, t0 + 100 + 3599)).toBeDefined();
    expect(flapBudget(4, flapping, t0 + 100 + 3600)).toBeUndefined();
  });

  it('holds scale-in and never scale-out', () => {
    const service = new Service(settingsWith({ flapsPerHour: 2 }), 1);
    let now = t0;
    const go = (visible: number) => {
      now += 10;
      return service.tick({ now, queue: { visible } });
    };
    go(50);
    expect([go(80).desired, go(20).desired, go(90).desired]).toEqual([8, 2, 9]);
    const waiting = go(20);
    expect(waiting.desired).toBe(9);
    expect(codes(waiting)).toContain('flapBudget');
    expect(go(200).desired).toBe(20);
    now += 3600;
    expect(go(20).desired).toBe(2);
  });
});

describe('tasks that never start', () => {
  const belief = { mu: Math.log(35), variance: 0.2, weight: 20, running: 3 };
  const counts = { desired: 5, running: 3, pending: 0, deploymentInProgress: false, failedStarts: 0 };
  const asked = (seconds: number, change: object = {}, seen: object = {}) =>
    stuckStarts({ ...belief, launches: [t0 - seconds, t0 - 5], ...change }, { ...counts, ...seen }, t0, 'convert');
  // 35 s × e^(1.645 × 0.447) = 73 s at the 95th percentile; four of them are 292 s, so 300 s count.
  it.each([
    ['younger than 300 s', asked(299), false],
    ['older', asked(301), true],
    ['all are running', asked(301, {}, { running: 5 }), false],
    ['nothing was learnt of this image yet', asked(301, { weight: 5 }), false],
    ['nor after twice as long', asked(601, { weight: 5 }), true],
    ['a slow image has its own measure', asked(1000, { mu: Math.log(200) }), false],
  ])('%s', (_what, closed, stuck) => {
    expect(closed !== undefined).toBe(stuck);
  });

  it('stop scale-out and alarm though ECS reports no failure', () => {
    const service = new Service(settingsWith(), 1);
    service.tick({ now: t0, queue: { visible: 50 }, service: { running: 1 } });
    let last = service.tick({ now: t0 + 10, queue: { visible: 50 }, service: { running: 1 } });
    for (let now = t0 + 20; now < t0 + 900; now += 10)
      last = service.tick({ now, queue: { visible: now < t0 + 700 ? 50 : 300 }, service: { running: 1 } });
    expect(last.desired).toBe(5);
    expect(codes(last)).toContain('startsFail');
    expect(last.alerts).toContainEqual(expect.objectContaining({ code: 'startsFail', severity: 'critical' }));
    expect(service.tick({ now: t0 + 900, queue: { visible: 300 }, service: { running: 5 } }).desired).toBe(30);
  });
});

describe('two writers', () => {
  it('three changes from outside within half an hour are a second controller', () => {
    const service = new Service(settingsWith(), 1);
    service.tick({ now: t0, queue: { visible: 45 } });
    const change = (now: number, to: number) => {
      service.desired = to;
      return alertCodes(service.tick({ now, queue: { visible: 45 } }));
    };
    expect(change(t0 + 60, 20)).toEqual(['foreignChange']);
    expect(change(t0 + 120, 11)).toEqual(['foreignChange']);
    const third = change(t0 + 180, 17);
    expect(third).toEqual(['foreignChange', 'twoWriters']);
    // Seen again, it is the same change and not a fourth.
    expect(alertCodes(service.tick({ now: t0 + 190, queue: { visible: 45 } }))).toEqual([
      'foreignChange',
      'twoWriters',
    ]);
    expect(service.state.learnt.guard?.foreignAt).toHaveLength(3);
    expect(alertCodes(service.tick({ now: t0 + 60 + 1800, queue: { visible: 45 } }))).not.toContain('twoWriters');
  });

  it('names Application Auto Scaling and the command that shows it', () => {
    const service = new Service(settingsWith(), 1);
    service.tick({ now: t0, queue: { visible: 45 } });
    for (const [after, to] of [
      [60, 9],
      [120, 12],
      [180, 7],
    ] as const) {
      service.desired = to;
      const text = service.tick({ now: t0 + after, queue: { visible: 45 } }).alerts.at(-1)?.text;
      if (after === 180) expect(text).toMatch(/Application Auto Scaling.*describe-scalable-targets/);
    }
  });
});

describe('a restart', () => {
  it('never scales in what was learnt to be needed', () => {
    const service = new Service(settingsWith({ policy: { type: 'slo' } }), 8);
    for (let now = t0; now < t0 + 600; now += 10)
      service.tick({ now, queue: { visible: 4, inFlight: 8 }, service: { desired: 8 } });
    service.desired = 8;
    service.state = { ...service.state, learnt: freshLearnt(t0 + 600) };
    for (let now = t0 + 600; now < t0 + 660; now += 10) {
      const decision = service.tick({ now, queue: { visible: 0, inFlight: 1 } });
      expect(decision.desired).toBe(8);
    }
  });
});

describe('alerts about the scaling itself', () => {
  const rule = settingsWith();
  const learning = settingsWith({ policy: { type: 'slo' } });
  const at = (now: number, actions: Actions, settings = rule) =>
    scalingAlerts(settings, actions, now).map(({ code }) => code);

  it('more than 5 tasks in 5 minutes, for a minute', () => {
    const six: Actions = [
      [t0, 4],
      [t0 + 10, 2],
    ];
    expect(at(t0 + 10, six)).toEqual([]);
    expect(at(t0 + 69, six)).toEqual([]);
    expect(at(t0 + 70, six)).toEqual(['rapidScaling']);
    expect(at(t0 + 310, six)).toEqual([]);
    expect(at(t0 + 100, [[t0, 5]])).toEqual([]);
    expect(at(t0 + 100, six, learning)).toEqual([]);
  });

  it('more than 10 changes in 30 minutes, for 5 minutes', () => {
    const eleven: Actions = Array.from({ length: 11 }, (_, i) => [t0 + i * 60, i % 2 ? -1 : 1] as const);
    expect(at(t0 + 600 + 299, eleven)).not.toContain('thrashing');
    expect(at(t0 + 600 + 300, eleven)).toContain('thrashing');
    expect(at(t0 + 600 + 300, eleven.slice(1))).not.toContain('thrashing');
    expect(at(t0 + 1801, eleven)).not.toContain('thrashing');
  });

  it('for slo more than 10 changes of direction in 30 minutes', () => {
    const turning: Actions = Array.from({ length: 12 }, (_, i) => [t0 + i * 60, i % 2 ? -1 : 1] as const);
    expect(at(t0 + 720, turning, learning)).toEqual(['thrashing']);
    expect(at(t0 + 720, turning.slice(1), learning)).toEqual([]);
    const climbing: Actions = Array.from({ length: 30 }, (_, i) => [t0 + i * 20, 3] as const);
    expect(at(t0 + 720, climbing, learning)).toEqual([]);
  });
});
