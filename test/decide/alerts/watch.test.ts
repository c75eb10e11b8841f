import { describe, expect, it } from 'vitest';
import { Service, settingsWith } from '../service.ts';

const t0 = 1_763_712_000;
const codes = (decision: { readonly alerts: readonly { readonly code: string }[] }) =>
  decision.alerts.map(({ code }) => code);

describe('alerts of a decision', () => {
  it('CPU above 90 for a minute is critical, and a signal that goes unknown neither raises nor ends it', () => {
    const service = new Service(settingsWith(), 1);
    const tick = (at: number, cpu: number | undefined) =>
      service.tick({ now: t0 + at, ...(cpu === undefined ? {} : { signals: { cpu } }) });
    expect(codes(tick(0, 95))).toEqual([]);
    expect(tick(60, 95).alerts).toEqual([
      { code: 'cpuHigh', severity: 'critical', text: 'The tasks of convert use 95 % of their CPU: more than 90.' },
    ]);
    expect(codes(tick(70, 85))).toEqual(['cpuHigh']);
    // 300 s old is stale.
    const stale = service.tick({ now: t0 + 80, queue: { at: t0 + 80, visible: 0 } });
    expect([codes(stale), stale.unjudged]).toEqual([[], undefined]);
  });

  it('a stale reading is not judged', () => {
    const service = new Service(settingsWith(), 1);
    for (const at of [0, 60]) service.tick({ now: t0 + at, signals: { cpu: 99 } });
    const observed = service.state;
    expect(observed.learnt.alerts?.since).toHaveProperty('cpuHigh', t0);
    const decision = service.tick({ now: t0 + 70, signals: { cpu: Number.NaN } });
    expect(decision.kind).not.toBe('hold');
  });

  it('what is turned off is not raised, and the count is the same', () => {
    const wanted = { now: t0, queue: { visible: 900 } } as const;
    const loud = new Service(settingsWith({ tasks: { min: 0, max: 5 } }), 1).tick(wanted);
    const quiet = new Service(settingsWith({ tasks: { min: 0, max: 5 }, alerts: { off: ['maxReached'] } }), 1).tick(
      wanted,
    );
    expect([codes(loud), codes(quiet)]).toEqual([['maxReached'], []]);
    expect(quiet.desired).toBe(loud.desired);
    expect(quiet.explanation).toEqual(loud.explanation);
  });

  it('a paused service keeps what it remembers of its alerts', () => {
    const service = new Service(settingsWith(), 1);
    for (const at of [0, 60]) service.tick({ now: t0 + at, signals: { cpu: 99 } });
    service.settings = settingsWith({ override: { kind: 'pause', until: t0 + 1000 } });
    expect(service.tick({ now: t0 + 70, signals: { cpu: 99 } }).kind).toBe('hold');
    expect(service.state.learnt.alerts?.since).toHaveProperty('cpuHigh', t0);
  });

  it('tasks that are not there for five minutes: degraded, critical when there is none', () => {
    const service = new Service(settingsWith({ tasks: { min: 5, max: 5 } }), 5);
    const at = (seconds: number, running: number) =>
      service
        .tick({ now: t0 + seconds, service: { desired: 5, running } })
        .alerts.map(({ code, severity }) => `${code} ${severity}`);
    expect(at(0, 3)).toEqual([]);
    expect(at(290, 3)).toEqual([]);
    expect(at(300, 3)).toContain('rolloutDegraded warning');
    expect(at(310, 0)).toContain('rolloutDegraded critical');
    expect(at(320, 4)).not.toContain('rolloutDegraded warning');
  });
});
