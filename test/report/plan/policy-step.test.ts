import { describe, expect, it } from 'vitest';
import { behaviorPlan } from '../../../lib/config/behavior-plan.ts';
import { parseConfig } from '../../../lib/config/parse-config.ts';
import { makePlan } from '../../../lib/report/plan/make-plan.ts';
import { defaultPlanSettings } from '../../../lib/report/plan/plan-settings.ts';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import type { FargateUsage, Scaling } from '../../../lib/report/usage/usage.ts';
import { type ScaledService, scaledService } from './scaled-service.ts';
import { usageOf } from './worked-service.ts';

const settings = { ...defaultPlanSettings, minorUsdPerMonth: 0, minorPercent: 0, replayDecisions: 12_000 };
const planOf = (service: FargateUsage, over: Partial<typeof settings> = {}) =>
  makePlan(usageOf([service]), bundledPrices, { ...settings, ...over });
const lineOf = (service: FargateUsage, kind: string) =>
  planOf(service).recommendations.find((line) => line.kind === kind);

const busy: ScaledService = {
  weeks: 3,
  jobs: { day: 300, night: 10 },
  seconds: 30,
  within: 300,
  bounds: { min: 6, max: 6 },
  tasks: () => 6,
};
const backlog = { type: 'backlogPerTask', target: 1 } as const;
const by = (policy: Extract<Scaling, { by: 'sluice' }>['policy']): Scaling => ({
  by: 'sluice',
  policy,
  behavior: behaviorPlan({}, policy),
});

describe('another policy than slo', () => {
  it('a fixed fleet gets room when the replay keeps the promise for less', () => {
    const line = lineOf(scaledService(busy), 'policy');
    expect(line?.change).toMatchObject({ to: 'policy', policy: { type: 'slo' } });
    expect(line?.title).toBe('scaled: slo instead of a fixed count of 6');
    expect(line?.usdPerMonth).toBeGreaterThan(20);
    expect(line?.evidence[0]?.text).toMatch(/a fixed count of 6 takes \d+\.\d task-hours, 100\.00 % in time/);
    expect(line?.ifWrong?.chancePercent).toBeGreaterThan(0);
    expect(line?.patch[0]?.text).toMatch(/^tasks: \{ min: [01], max: 6 \}, \/\/ was \{ min: 6, max: 6 \}$/);
  });

  it('a rule of ours is replayed by its own code, and slo is named as the patch', () => {
    const tasks = (jobs: number) => Math.max(1, Math.ceil((jobs * 30) / 3600 / 0.6));
    const line = lineOf(scaledService({ ...busy, bounds: { min: 1, max: 12 }, scaling: by(backlog), tasks }), 'policy');
    expect(line?.evidence[0]?.text).toContain('backlogPerTask takes');
    expect(line?.patch[0]?.text).toBe("policy: { type: 'slo' }, // was { type: 'backlogPerTask', target: 1 }");
    expect(line?.rollback).toContain("{ type: 'backlogPerTask', target: 1 }");
  });

  it('what somebody else scales is judged by what it did', () => {
    const tasks = (jobs: number) => Math.max(2, Math.ceil((jobs * 30) / 3600 / 0.4));
    const scaling: Scaling = { by: 'other', what: 'Application Auto Scaling' };
    const line = lineOf(scaledService({ ...busy, bounds: { min: 2, max: 12 }, scaling, tasks }), 'policy');
    expect(line?.title).toBe('scaled: slo instead of Application Auto Scaling');
    expect(line?.patch[0]?.text).toContain("mode: 'act'");
    const [played, recorded] = (line?.evidence ?? []).map(({ text }) => Number(/([\d.]+) task-hours/.exec(text)?.[1]));
    expect(played).toBeCloseTo(recorded ?? 0, -1);
  });

  it('without an objective it says which one it took', () => {
    const { slo: _, ...service } = scaledService({ ...busy, jobs: { day: 300, night: 60 } });
    const line = planOf(service, { replayDecisions: 60_000 }).recommendations[0];
    expect(line?.kind).toBe('policy');
    expect(line?.evidence.at(-1)?.text).toMatch(/^It has no objective; 99 % within 60 s is taken/);
    expect(line?.patch[0]?.text).toContain('slo: { percent: 99, startWithinSeconds: 60 },');
    expect(line?.confidence).toBe('low');
  });

  it('a fleet that is as cheap as slo keeps what it has', () => {
    // 0.9 of the slots are busy all the time: nothing is left to take away.
    const steady = { ...busy, jobs: { day: 650, night: 650 }, within: 60, bounds: { min: 6, max: 6 } };
    expect(lineOf(scaledService(steady), 'policy')).toBeUndefined();
  });

  it('without minutes, or once the replays are spent, no policy is advised', () => {
    const { arrivalsByMinute: _, ...service } = scaledService(busy);
    expect(lineOf(service, 'policy')).toBeUndefined();
    expect(planOf(scaledService(busy), { replayDecisions: 0 }).recommendations.map(({ kind }) => kind)).not.toContain(
      'policy',
    );
  });

  it('is in the sequence before the minimums, and turned down it is not given again', () => {
    const service = scaledService(busy);
    const plan = planOf(service);
    const kinds = plan.recommendations.map(({ kind }) => kind);
    expect(kinds[0]).toBe('policy');
    const without = makePlan(usageOf([service]), bundledPrices, { ...settings, dismissed: ['policy:scaled'] });
    expect(without.recommendations.map(({ kind }) => kind)).not.toContain('policy');
    expect(without.savingUsdPerMonth).toBeLessThanOrEqual(without.usdPerMonthBefore);
  });

  it('the patch is a config that reads', () => {
    const text = lineOf(scaledService(busy), 'policy')?.patch[0]?.text ?? '';
    const service = new Function(`return { queue: {}, worker: { image: 'x' }, ${text}\n }`)();
    expect(parseConfig({ services: { scaled: service } }).ok).toBe(true);
  });
});

describe('a promise that is broken today', () => {
  // At night one task would do; at day six are too few for eight and a half at work.
  const overloaded: ScaledService = { ...busy, jobs: { day: 900, night: 10 }, bounds: { min: 6, max: 6 } };
  const late = (service: FargateUsage): FargateUsage => ({
    ...service,
    hourly: { ...service.hourly, late: (service.hourly.jobs ?? []).map((jobs) => Math.floor((jobs ?? 0) / 2)) },
  });

  it('is under-provisioning with a price when slo keeps it for more', () => {
    const steady = late(scaledService({ ...overloaded, jobs: { day: 900, night: 900 } }));
    const warning = planOf(steady).warnings.find(({ severity }) => severity === 'critical');
    expect(warning?.text).toMatch(/under a fixed count of 6, and 99\.\d\d % in time under slo/);
    expect(warning?.remedy).toMatch(/^policy: \{ type: 'slo' \}, tasks: \{ min: \d, max: 12 \}\.$/);
    expect(warning?.usdPerMonth).toBeGreaterThan(0);
  });

  it('is advice when slo keeps it for less', () => {
    const line = lineOf(late(scaledService({ ...overloaded, within: 900 })), 'policy');
    expect(line?.usdPerMonth).toBeGreaterThan(0);
  });
});

describe('a maximum that binds', () => {
  const atMax: ScaledService = {
    ...busy,
    jobs: { day: 900, night: 10 },
    within: 120,
    bounds: { min: 1, max: 7 },
    tasks: (jobs) => Math.min(7, Math.max(1, Math.ceil((jobs * 30) / 3600))),
  };

  it('is told with the maximum that keeps the promise and its price', () => {
    const warning = planOf(scaledService(atMax)).warnings.find(({ text }) => text.startsWith('At its maximum'));
    expect(warning?.remedy).toMatch(/^tasks: \{ max: (11|14) \}\.$/);
    expect(warning?.text).toMatch(/with at most \d+, 99\.\d\d % in time, of 99 %\.$/);
    expect(warning?.usdPerMonth).toBeGreaterThan(0);
  });

  it('that the promise bears is no call for more', () => {
    const borne = { ...atMax, jobs: { day: 500, night: 10 }, within: 300 };
    const warning = planOf(
      scaledService({ ...borne, bounds: { min: 1, max: 6 }, tasks: (jobs) => (jobs > 100 ? 6 : 1) }),
    ).warnings.find(({ text }) => text.startsWith('At its maximum'));
    expect(warning?.remedy).toBe('Nothing now. Raise tasks.max before the load grows.');
  });
});
