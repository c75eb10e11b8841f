import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toServicePlan } from '../../lib/config/parse-config.ts';
import { guardSignals } from '../../lib/decide/signals-needed.ts';
import type { Settings } from '../../lib/model/plan.ts';
import { type Seen, Service, settingsWith } from './service.ts';

const t0 = 1_763_712_000;
const remediation = { cpu: 1.5, memory: 1.3, queue: 2, cooldownSeconds: 300 };
const with_ = (changes: Partial<Settings> = {}) =>
  settingsWith({
    remediation,
    policy: { type: 'backlogPerTask', target: 1e9 },
    tasks: { min: 4, max: 50 },
    ...changes,
  });
/** The counts that are decided, tick by tick. */
const counts = (service: Service, seen: readonly (Omit<Seen, 'now'> & { readonly at: number })[]) =>
  seen.map(({ at, ...rest }) => service.tick({ now: t0 + at, queue: { visible: 1, inFlight: 1 }, ...rest }).desired);
const cpu = (value: number) => ({ signals: { cpu: value } });

describe('remediation', () => {
  it.each<[string, Omit<Seen, 'now'>, number]>([
    ['CPU critical: × 1.5', cpu(91), 6],
    ['CPU a warning: nothing', cpu(89), 4],
    ['memory nearly full: × 1.3, rounded up', { signals: { memory: 96 } }, 6],
    ['a long queue: × 2', { queue: { visible: 5001 } }, 8],
    ['all of them: the largest', { queue: { visible: 5001 }, signals: { cpu: 99, memory: 99 } }, 8],
    ['CPU and memory', { signals: { cpu: 99, memory: 99 } }, 6],
    ['stale signals', { queue: 'unknown' }, 4],
  ])('%s', (_, seen, expected) => {
    const service = new Service(with_(), 4);
    expect(counts(service, [{ at: 0, ...seen }])[0]).toBe(4);
    expect(counts(service, [{ at: 60, ...seen }])[0]).toBe(expected);
  });

  it('what was raised stays for the cooldown, is raised again if the alert lasts, and is let go when it is over', () => {
    const service = new Service(with_(), 4);
    const seen = [0, 60, 120, 350, 360, 420, 650].map((at) => ({ at, ...cpu(95) }));
    expect(counts(service, seen)).toEqual([4, 6, 6, 6, 9, 9, 9]);
    expect(counts(service, [{ at: 660, ...cpu(40) }])).toEqual([4]);
  });

  it('says so, with the number that it would have been', () => {
    const service = new Service(with_(), 4);
    service.tick({ now: t0, ...cpu(95) });
    const { explanation } = service.tick({ now: t0 + 60, queue: { visible: 1 }, ...cpu(95) });
    const step = explanation.find(({ code }) => code === 'remediation');
    expect(step?.text).toMatch(
      /^The tasks of convert use 95 % of their CPU: more than 90\. That is met with 1\.5 times the 4 tasks\. At least 6 tasks until 2025-11-21T08:06:00Z; \d would have been wanted\.$/,
    );
    expect(step?.to).toBe(6);
  });

  it.each<[string, Partial<Settings>, number]>([
    ['the maximum', { tasks: { min: 4, max: 5 } }, 5],
    ['a limit', { uses: { db: 10 }, limits: { db: 50 } }, 5],
    ['a hold by hand', { override: { kind: 'hold', desired: 3, until: t0 + 999 }, tasks: { min: 1, max: 50 } }, 3],
    ['switched off', { remediation: { ...remediation, cpu: 1 } }, 4],
  ])('%s stands above it', (_, changes, expected) => {
    const service = new Service(with_(changes), 4);
    expect(
      counts(
        service,
        [0, 60].map((at) => ({ at, ...cpu(95) })),
      ).at(-1),
    ).toBe(expected);
  });

  it('tasks that fail to start stop it', () => {
    const service = new Service(with_(), 4);
    const failing = { service: { desired: 4, running: 2, failedStarts: 3 }, ...cpu(95) };
    expect(
      counts(
        service,
        [0, 60].map((at) => ({ at, ...failing })),
      ).at(-1),
    ).toBe(4);
  });

  it('law: it only ever raises, never past the maximum, and not faster than once a cooldown', () => {
    const tick = fc.record({
      seconds: fc.integer({ min: 5, max: 400 }),
      cpu: fc.integer({ min: 0, max: 100 }),
      memory: fc.integer({ min: 0, max: 100 }),
      visible: fc.integer({ min: 0, max: 9000 }),
    });
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 30 }), (ticks) => {
        const settings = with_({ policy: { type: 'backlogPerTask', target: 500 }, tasks: { min: 0, max: 40 } });
        const { remediation: _, ...plain } = settings;
        const service = new Service(settings, 4);
        let now = t0;
        let raisedAt = Number.NEGATIVE_INFINITY;
        let floor = 0;
        for (const { seconds, visible, ...signals } of ticks) {
          now += seconds;
          const without = new Service(plain, service.desired, service.state).tick({ now, queue: { visible }, signals });
          const decision = service.tick({ now, queue: { visible }, signals });
          expect(decision.desired).toBeGreaterThanOrEqual(without.desired);
          expect(decision.desired).toBeLessThanOrEqual(40);
          const remedy = decision.state.learnt.alerts?.remedy;
          if (remedy !== undefined && remedy.tasks !== floor) {
            expect(now - raisedAt).toBeGreaterThanOrEqual(300);
            raisedAt = now;
          }
          floor = remedy?.tasks ?? 0;
        }
      }),
    );
  });

  it('is off unless the config asks for it, and then reads CPU and memory', () => {
    expect(toServicePlan('a', {})).not.toHaveProperty('remediation');
    const plan = toServicePlan('a', { remediation: { memory: 1 } });
    expect(plan.remediation).toEqual({ cpu: 1.5, memory: 1, queue: 2, cooldownSeconds: 300 });
    expect([guardSignals(toServicePlan('a', {})), guardSignals(plan)]).toEqual([[], ['cpu']]);
  });
});
