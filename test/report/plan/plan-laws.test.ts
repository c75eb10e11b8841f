import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behaviorPlan } from '../../../lib/config/behavior-plan.ts';
import { makePlan, type Plan } from '../../../lib/report/plan/make-plan.ts';
import { defaultPlanSettings } from '../../../lib/report/plan/plan-settings.ts';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import type { FargateUsage, InstanceUsage, Usage } from '../../../lib/report/usage/usage.ts';
import { scaledService } from './scaled-service.ts';
import { usageOf, weeksOf, workedService } from './worked-service.ts';

const weeks = 9;

const service = fc
  .record({
    day: fc.integer({ min: 0, max: 12 }),
    night: fc.integer({ min: 0, max: 6 }),
    jobs: fc.integer({ min: 0, max: 1500 }),
    cpu: fc.integer({ min: 1, max: 100 }),
    memory: fc.integer({ min: 1, max: 100 }),
    seconds: fc.integer({ min: 1, max: 300 }),
    interruptible: fc.boolean(),
    spotShare: fc.constantFrom(0, 0.5),
    cpuUnits: fc.constantFrom(256, 512, 1024, 2048, 4096),
    arm: fc.boolean(),
    ipv4: fc.boolean(),
  })
  .map(
    (s): Omit<FargateUsage, 'name'> => ({
      ...workedService(weeks),
      architecture: s.arm ? 'arm64' : 'x86',
      size: { cpu: s.cpuUnits, memoryMiB: s.cpuUnits * 2 },
      spotShare: s.spotShare,
      interruptible: s.interruptible,
      publicIpv4: s.ipv4,
      serviceSeconds: { mean: s.seconds, p99: 3 * s.seconds },
      bounds: { min: Math.min(s.day, s.night), max: 12 },
      hourly: {
        tasks: weeksOf(weeks, (h) => (h % 24 > 7 && h % 24 < 19 ? s.day : s.night)),
        jobs: weeksOf(weeks, (h) => (h % 24 > 7 && h % 24 < 19 ? s.jobs : Math.floor(s.jobs / 5))),
        cpuMeanPercent: weeksOf(weeks, () => s.cpu / 2),
        cpuP99Percent: weeksOf(weeks, () => s.cpu),
        memoryMaxPercent: weeksOf(weeks, () => s.memory),
      },
    }),
  );

const instance = fc
  .record({
    type: fc.constantFrom('db.r5.large', 'db.m5.xlarge', 'db.t3.medium', 'db.m6g.large'),
    cpu: fc.integer({ min: 0, max: 90 }),
    connections: fc.integer({ min: 0, max: 100 }),
    nights: fc.boolean(),
    free: fc.integer({ min: 0, max: 16_000 }),
  })
  .map(
    (i): Omit<InstanceUsage, 'id'> => ({
      kind: 'rds',
      region: 'us-east-1',
      type: i.type,
      engine: 'mysql',
      multiAz: false,
      nodes: 1,
      memoryMiB: 16_384,
      maxConnections: 1000,
      hourly: {
        running: weeksOf(weeks, () => 1),
        cpuP99Percent: weeksOf(weeks, () => i.cpu),
        freeMemoryMinMiB: weeksOf(weeks, () => i.free),
        swapMaxMiB: weeksOf(weeks, () => 0),
        connections: weeksOf(weeks, (h) => (i.nights && h % 24 < 8 ? 0 : i.connections)),
      },
    }),
  );

/** Recorded by the minute, on a rule, a fixed count or `slo`. */
const scaled = fc
  .record({
    day: fc.integer({ min: 0, max: 400 }),
    night: fc.integer({ min: 0, max: 40 }),
    within: fc.constantFrom(60, 300),
    min: fc.integer({ min: 0, max: 5 }),
    room: fc.constantFrom(0, 10),
    backlog: fc.boolean(),
  })
  .map(({ day, night, within, min, room, backlog }) =>
    scaledService({
      weeks: 3,
      jobs: { day, night },
      seconds: 20,
      within,
      bounds: { min, max: Math.max(1, min + room) },
      ...(backlog
        ? {
            scaling: {
              by: 'sluice',
              policy: { type: 'backlogPerTask', target: 2 },
              behavior: behaviorPlan({}, { type: 'backlogPerTask', target: 2 }),
            } as const,
          }
        : {}),
      tasks: (jobs) => Math.max(min, Math.min(Math.max(1, min + room), Math.ceil((jobs * 20) / 3600 / 0.7))),
    }),
  );

const account = fc
  .record({
    services: fc.array(service, { minLength: 1, maxLength: 4 }),
    instances: fc.array(instance, { maxLength: 3 }),
    fee: fc.constantFrom(0, 0.05, 1),
  })
  .map(
    ({ services, instances, fee }): Usage =>
      usageOf(
        services.map((s, i) => ({ ...s, name: `service-${i}` })),
        {
          instances: instances.map((s, i) => ({ ...s, id: `db-${i}` })),
          commitments:
            fee === 0
              ? []
              : [{ id: 'sp', kind: 'computeSavingsPlan', years: 1, payment: 'none', feeUsdPerHour: fee, until: 4e9 }],
        },
      ),
  );

const lines = (plan: Plan): number => plan.recommendations.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);

describe('laws of the plan', () => {
  it('the sequence adds up to the cent, no line costs money, and no more is saved than is spent', () => {
    fc.assert(
      fc.property(account, (usage) => {
        const plan = makePlan(usage, bundledPrices);
        expect(lines(plan) + plan.minor.usdPerMonth).toBeCloseTo(plan.savingUsdPerMonth, 6);
        expect(plan.usdPerMonthBefore - plan.savingUsdPerMonth).toBeCloseTo(plan.usdPerMonthAfter, 6);
        expect(plan.savingUsdPerMonth).toBeLessThanOrEqual(plan.usdPerMonthBefore + 0.01);
        for (const line of plan.recommendations) expect(line.usdPerMonth).toBeGreaterThan(0);
        expect(plan.minor.usdPerMonth).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 25 },
    );
  });

  it('the same with policies and minimums that are replayed, and dearer prices change no advice', () => {
    const few = { ...defaultPlanSettings, minorUsdPerMonth: 0, minorPercent: 0, replayDecisions: 3000 };
    const dearer = { ...bundledPrices, fargate: scaledRegions(bundledPrices.fargate) };
    fc.assert(
      fc.property(scaled, (service) => {
        const usage = usageOf([service]);
        const plan = makePlan(usage, bundledPrices, few);
        expect(lines(plan) + plan.minor.usdPerMonth).toBeCloseTo(plan.savingUsdPerMonth, 6);
        expect(plan.savingUsdPerMonth).toBeLessThanOrEqual(plan.usdPerMonthBefore);
        for (const { kind, usdPerMonth, ifWrong } of plan.recommendations) {
          expect(usdPerMonth).toBeGreaterThan(0);
          if (kind === 'policy' || kind === 'schedule') expect(ifWrong?.chancePercent).toBeGreaterThan(0);
        }
        const changes = (of: Plan) => of.recommendations.flatMap((line) => (line.kind === 'commit' ? [] : [line.id]));
        expect(changes(makePlan(usage, dearer, few))).toEqual(changes(plan));
        const without = makePlan(usage, bundledPrices, { ...few, dismissed: ['policy:scaled'] });
        expect(without.usdPerMonthBefore).toBe(plan.usdPerMonthBefore);
        expect(without.savingUsdPerMonth).toBeLessThanOrEqual(without.usdPerMonthBefore);
      }),
      { numRuns: 3 },
    );
  });

  it('no commitment is larger than what its busiest hour could use', () => {
    fc.assert(
      fc.property(account, (usage) => {
        for (const option of makePlan(usage, bundledPrices).commitmentOptions) {
          expect(option.feeUsdPerHour).toBeLessThanOrEqual(option.optimalFeeUsdPerHour + 1e-9);
          expect(option.utilization).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('prices that are all three times as high give the same plan at three times the money', () => {
    const dearer = {
      ...bundledPrices,
      fargate: scaledRegions(bundledPrices.fargate),
      fargateSpot: scaledRegions(bundledPrices.fargateSpot),
      instances: Object.fromEntries(Object.entries(bundledPrices.instances).map(([key, usd]) => [key, 3 * usd])),
      ipv4UsdPerHour: 3 * bundledPrices.ipv4UsdPerHour,
    };
    const thresholds = { ...defaultPlanSettings, minorUsdPerMonth: 0, commitMinUsdPerMonth: 0.01 };
    fc.assert(
      fc.property(account, (usage) => {
        const withoutFees = { ...usage, commitments: [] };
        const once = makePlan(withoutFees, bundledPrices, thresholds);
        const thrice = makePlan(withoutFees, dearer, { ...thresholds, commitMinUsdPerMonth: 0.03 });
        expect(thrice.savingUsdPerMonth / 3).toBeCloseTo(once.savingUsdPerMonth, 0);
      }),
      { numRuns: 10 },
    );
  });

  it('what the plan made of an account needs no further plan of the same kind', () => {
    const after = makePlan(optimum(), bundledPrices);
    expect(after.recommendations).toEqual([]);
    expect(after.savingUsdPerMonth).toBe(0);
  });
});

/** Half a vCPU on ARM, used to the full, on Spot above its base, nothing to commit to. */
const optimum = (): Usage => {
  const tasks = weeksOf(weeks, (h) => (h % 24 > 7 && h % 24 < 12 ? 4 : 0));
  return usageOf([
    {
      ...workedService(weeks),
      architecture: 'arm64',
      size: { cpu: 256, memoryMiB: 512 },
      interruptible: false,
      bounds: { min: 0, max: 10 },
      hourly: {
        tasks,
        min: tasks.map(() => 0),
        jobs: tasks.map((count) => count * 100),
        cpuP99Percent: tasks.map(() => 75),
        memoryMaxPercent: tasks.map(() => 80),
      },
    },
  ]);
};

const scaledRegions = (prices: typeof bundledPrices.fargate): typeof bundledPrices.fargate => {
  const scaled = (regions: (typeof prices)['x86']): (typeof prices)['x86'] =>
    Object.fromEntries(
      Object.entries(regions).map(([region, of]) => [
        region,
        { usdPerVcpuHour: 3 * of.usdPerVcpuHour, usdPerGiBHour: 3 * of.usdPerGiBHour },
      ]),
    );
  return { x86: scaled(prices.x86), arm64: scaled(prices.arm64) };
};
