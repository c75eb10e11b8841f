import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialState } from '../../lib/model/state.ts';
import { Service, settingsWith, unpacedBehavior } from './service.ts';

const t0 = 1_763_712_000;
const codes = (decision: { explanation: readonly { code: string }[] }): string[] =>
  decision.explanation.map((step) => step.code);

describe('decide', () => {
  it('scales out to what the policy wants and says why', () => {
    const service = new Service(settingsWith(), 1);
    const decision = service.tick({ now: t0, queue: { visible: 45 } });
    expect(decision).toMatchObject({ kind: 'scale', from: 1, desired: 5, service: 'convert', shadow: false });
    expect(decision.summary).toMatch(/^Out from 1 to 5: /);
    expect(decision.explanation.at(-1)?.to).toBe(5);
  });

  it('keeps the count within the bounds, and alarms when the ceiling binds', () => {
    const service = new Service(settingsWith({ tasks: { min: 2, max: 4 } }), 2);
    const over = service.tick({ now: t0, queue: { visible: 450 } });
    expect(over.desired).toBe(4);
    expect(codes(over)).toContain('aboveCeiling');
    expect(over.alerts.map((alert) => alert.code)).toContain('maxReached');
    service.tick({ now: t0 + 10, queue: { visible: 1 } });
    const under = service.tick({ now: t0 + 20, queue: { visible: 1 } });
    expect(under.desired).toBe(2);
    expect(codes(under)).toContain('belowFloor');
  });

  it('names the window whose floor binds', () => {
    const service = new Service(settingsWith({ tasks: { min: 5, max: 5 }, window: 'business' }), 1);
    expect(service.tick({ now: t0 }).explanation.at(-1)?.text).toContain('window "business"');
  });

  it('drops a duplicate and an older tick, and remembers nothing of them', () => {
    const service = new Service(settingsWith(), 1);
    service.tick({ now: t0, queue: { visible: 45 } });
    const { state } = service;
    for (const now of [t0, t0 - 10]) {
      const again = service.tick({ now, queue: { visible: 450 } });
      expect(again).toMatchObject({ kind: 'hold', desired: 5 });
      expect(codes(again)).toEqual(['duplicateTick']);
      expect(again.state).toEqual(state);
    }
  });

  it('asks again when the call was lost between commit and act', () => {
    const service = new Service(settingsWith(), 1);
    service.tick({ now: t0, queue: { visible: 45 } }, { lost: true });
    expect(service.desired).toBe(1);
    const healed = service.tick({ now: t0 + 60, queue: { visible: 45 } });
    expect(healed).toMatchObject({ kind: 'scale', desired: 5 });
    expect(service.desired).toBe(5);
  });

  it('respects a count that somebody else set, for ten minutes, then decides again', () => {
    const service = new Service(settingsWith(), 1);
    service.tick({ now: t0, queue: { visible: 45 } });
    service.desired = 20;
    const seen = service.tick({ now: t0 + 60, queue: { visible: 45 } });
    expect(seen).toMatchObject({ kind: 'hold', desired: 20 });
    expect(codes(seen)).toEqual(['foreignChange']);
    expect(seen.alerts.map((alert) => alert.code)).toEqual(['foreignChange']);
    expect(service.tick({ now: t0 + 650, queue: { visible: 45 } })).toMatchObject({ kind: 'hold', desired: 20 });
    expect(service.tick({ now: t0 + 661, queue: { visible: 45 } })).toMatchObject({ kind: 'scale', desired: 5 });
  });

  it('does not take its own write, not yet visible, for somebody else’s', () => {
    const service = new Service(settingsWith(), 1);
    service.tick({ now: t0, queue: { visible: 45 } });
    service.desired = 1;
    expect(codes(service.tick({ now: t0 + 5, queue: { visible: 45 } }))).not.toContain('foreignChange');
  });
});

describe('what is unknown', () => {
  it('holds while the service’s counts are unknown', () => {
    const service = new Service(settingsWith(), 3);
    service.tick({ now: t0, queue: { visible: 30 } });
    expect(service.tick({ now: t0 + 10, service: 'unknown', queue: { visible: 900 } })).toMatchObject({
      kind: 'hold',
      desired: 3,
    });
  });

  it('holds while the queue is unknown or stale, then takes the fallback', () => {
    const fallback = { afterSeconds: 120, count: 7 } as const;
    const service = new Service(settingsWith({ policy: { type: 'slo' }, fallback }), 3);
    expect(service.tick({ now: t0, queue: 'unknown' })).toMatchObject({ kind: 'hold', desired: 3 });
    const stale = service.tick({ now: t0 + 60, queue: { at: t0 - 300, visible: 0 } });
    expect(stale).toMatchObject({ kind: 'hold', desired: 3 });
    expect(stale.explanation[0]?.text).toContain('360 s old');
    expect(service.tick({ now: t0 + 120, queue: 'unknown' })).toMatchObject({ kind: 'scale', desired: 7 });
  });

  it.each([
    ['current', undefined, 3, 3],
    ['currentIfHigher', 5, 3, 5],
    ['currentIfHigher', 2, 3, 3],
    ['currentIfLower', 5, 3, 3],
    ['currentIfLower', 2, 3, 2],
  ] as const)('fallback %s than %s at %i tasks gives %i', (count, than, current, wanted) => {
    const fallback = { afterSeconds: 0, count, ...(than !== undefined && { than }) };
    const service = new Service(settingsWith({ policy: { type: 'slo' }, fallback }), current);
    expect(service.tick({ now: t0, queue: 'unknown' }).desired).toBe(wanted);
  });

  it('rejects a reading from the future by name', () => {
    const service = new Service(settingsWith({ policy: { type: 'slo' } }), 3);
    expect(service.tick({ now: t0, queue: { at: t0 + 60, visible: 0 } }).explanation[0]?.text).toContain(
      '60 s in the future',
    );
  });

  it('does not believe a lone zero', () => {
    const service = new Service(settingsWith(), 1);
    service.tick({ now: t0, queue: { visible: 40 } });
    const first = service.tick({ now: t0 + 10, queue: { visible: 0 } });
    expect(first.desired).toBe(4);
    expect(codes(first)).toContain('loneZero');
    expect(service.tick({ now: t0 + 20, queue: { visible: 0 } }).desired).toBe(0);
  });

  it('does not believe the first zero after a restart either', () => {
    const service = new Service(settingsWith(), 4, initialState(t0));
    expect(service.tick({ now: t0, queue: { visible: 0 } }).desired).toBe(4);
  });
});

describe('guards', () => {
  it('scales out but not in during a deployment', () => {
    const service = new Service(settingsWith(), 3);
    const deploymentInProgress = true;
    service.tick({ now: t0, queue: { visible: 5 }, service: { deploymentInProgress } });
    const calm = service.tick({ now: t0 + 10, queue: { visible: 5 }, service: { deploymentInProgress } });
    expect(calm.desired).toBe(3);
    expect(codes(calm)).toContain('deployment');
    expect(service.tick({ now: t0 + 20, queue: { visible: 80 }, service: { deploymentInProgress } }).desired).toBe(8);
  });

  it('does not answer tasks that fail to start with more tasks, and alarms', () => {
    const service = new Service(settingsWith(), 3);
    const decision = service.tick({ now: t0, queue: { visible: 300 }, service: { running: 1, failedStarts: 4 } });
    expect(decision.desired).toBe(3);
    expect(codes(decision)).toContain('startsFail');
    expect(decision.alerts).toMatchObject([{ code: 'startsFail', severity: 'critical' }]);
  });

  it('is paused and held by hand, until the time given', () => {
    const service = new Service(settingsWith({ override: { kind: 'pause', until: t0 + 100 } }), 3);
    expect(service.tick({ now: t0, queue: { visible: 300 } })).toMatchObject({ kind: 'hold', desired: 3 });
    service.settings = settingsWith({ override: { kind: 'hold', desired: 9, until: t0 + 200 } });
    expect(service.tick({ now: t0 + 110, queue: { visible: 300 } }).desired).toBe(9);
    expect(service.tick({ now: t0 + 210, queue: { visible: 300 } }).desired).toBe(30);
  });

  it('decides in shadow mode without acting', () => {
    const service = new Service(settingsWith({ mode: 'shadow' }), 1);
    expect(service.tick({ now: t0, queue: { visible: 45 } })).toMatchObject({ desired: 5, shadow: true });
  });

  it('in shadow mode takes the present autoscaler’s changes for granted, and remembers nothing as asked for', () => {
    const paced = { ...unpacedBehavior.scaleOut, cooldownSeconds: 300 };
    const behavior = { scaleOut: paced, scaleIn: paced };
    const service = new Service(settingsWith({ mode: 'shadow', behavior }), 1);
    service.tick({ now: t0, queue: { visible: 45 } });
    for (const [index, desired] of [2, 4, 3, 7, 2].entries()) {
      service.desired = desired;
      const decision = service.tick({ now: t0 + 60 * (index + 1), queue: { visible: 90 } });
      expect(decision).toMatchObject({ kind: 'scale', from: desired, desired: 9, alerts: [] });
      expect(decision.state.hot).toMatchObject({ asked: desired, scaledOutAt: 0, foreignUntil: 0 });
    }
    // The first tick that may act is not held up by what others did before it.
    service.settings = settingsWith({ behavior });
    expect(service.tick({ now: t0 + 400, queue: { visible: 90 } })).toMatchObject({ kind: 'scale', desired: 9 });
  });

  it('starts a floor’s tasks early enough to be ready when its window begins', () => {
    const coming = [{ at: t0 + 600, min: 5, window: 'business', size: { cpu: 512, memoryMiB: 1024 } }];
    const service = new Service(settingsWith({ coming }), 1);
    service.tick({ now: t0, queue: { visible: 1 } });
    expect(service.tick({ now: t0 + 450, queue: { visible: 1 } }).desired).toBe(1);
    const warm = service.tick({ now: t0 + 460, queue: { visible: 1 } });
    expect(warm.desired).toBe(5);
    expect(codes(warm)).toContain('prewarm');
  });
});

describe('laws', () => {
  const tick = fc.record({
    gapSeconds: fc.integer({ min: -5, max: 120 }),
    visible: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2000 })),
    inFlight: fc.integer({ min: 0, max: 60 }),
    queueKnown: fc.boolean(),
    serviceKnown: fc.boolean(),
    deploymentInProgress: fc.boolean(),
    lost: fc.boolean(),
  });

  it.each(['slo', 'targetTracking'] as const)(
    '%s: within bounds, explained to the last number, never in on unknown data',
    (type) => {
      fc.assert(
        fc.property(fc.array(tick, { maxLength: 40 }), (ticks) => {
          const policy = type === 'slo' ? ({ type } as const) : settingsWith().policy;
          const service = new Service(settingsWith({ policy, tasks: { min: 1, max: 40 } }), 1);
          let now = t0;
          for (const seen of ticks) {
            now += seen.gapSeconds;
            const before = service.desired;
            const decision = service.tick(
              {
                now,
                queue: seen.queueKnown ? { visible: seen.visible, inFlight: seen.inFlight } : 'unknown',
                service: seen.serviceKnown ? { deploymentInProgress: seen.deploymentInProgress } : 'unknown',
              },
              { lost: seen.lost },
            );
            expect(Number.isInteger(decision.desired)).toBe(true);
            expect(decision.explanation.at(-1)?.to).toBe(decision.desired);
            if (decision.kind === 'scale') {
              expect(decision.desired).toBeGreaterThanOrEqual(1);
              expect(decision.desired).toBeLessThanOrEqual(40);
            }
            if (!seen.queueKnown || !seen.serviceKnown || seen.deploymentInProgress)
              expect(service.desired).toBeGreaterThanOrEqual(before);
            expect(JSON.stringify(decision.state.learnt).length).toBeLessThan(8192);
          }
        }),
        { seed: 42, numRuns: 200 },
      );
    },
  );
});
