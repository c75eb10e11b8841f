import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../lib/report/plan/make-plan.ts';
import { usageFrom } from '../../../lib/report/usage/read-usage.ts';
import type { FargateUsage, HeldCommitment, InstanceUsage, Usage } from '../../../lib/report/usage/usage.ts';
import { truthBook, truthSettings } from './truth-bridge.ts';

// Prices: 0.04 a vCPU and 0.005 a GB (ARM 0.032 and 0.004), so a task of 1 vCPU / 2 GB costs 0.05 an hour (ARM 0.04,
// Spot 0.013 + 2 × 0.0015 = 0.016). A month has 730 hours: such a task costs 36.50.

const weeks = 3;
const hours = weeks * 168;
const monday = Date.UTC(2026, 7, 17) / 1000;
const always = <Of>(value: Of): Of[] => Array.from({ length: hours }, () => value);
const office = (h: number): boolean => h % 168 < 120 && h % 24 >= 8 && h % 24 < 18;
const byHour = (valueAt: (h: number) => number): number[] => Array.from({ length: hours }, (_, h) => valueAt(h));

/** Four full tasks around the clock, with nothing to be gained: 4 × 36.50 = 146.00. */
const four: FargateUsage = {
  name: 'four',
  region: 'us-east-1',
  architecture: 'x86',
  size: { cpu: 1024, memoryMiB: 2048 },
  spotShare: 0,
  publicIpv4: false,
  bounds: { min: 4, max: 4 },
  concurrency: 1,
  startSeconds: { median: 35, p95: 75 },
  interruptible: false,
  multiArch: false,
  hourly: { tasks: always(4), cpuP99Percent: always(90), memoryMaxPercent: always(86) },
};
const use = (cpu: number, memory: number): FargateUsage['hourly'] => ({
  tasks: always(4),
  cpuP99Percent: always(cpu),
  memoryMaxPercent: always(memory),
});
const slo = { slo: { percent: 99, startWithinSeconds: 300 }, serviceSeconds: { mean: 10, p99: 30 } };

const instance = (kind: InstanceUsage['kind'], type: string, over: Partial<InstanceUsage> = {}): InstanceUsage => ({
  kind,
  id: 'one',
  region: 'us-east-1',
  type,
  engine: { ec2: 'linux', rds: 'mysql', elasticache: 'redis' }[kind],
  multiAz: false,
  nodes: 1,
  memoryMiB: 16_384,
  maxConnections: 1000,
  ...over,
  hourly: {
    running: always(1),
    cpuP99Percent: always(50),
    memoryMaxPercent: always(80),
    freeMemoryMinMiB: always(2000),
    swapMaxMiB: always(0),
    connections: always(20),
    evictions: always(0),
    ...over.hourly,
  },
});
const plan = (fee: number, over: Partial<HeldCommitment> = {}): HeldCommitment => ({
  id: 'held',
  kind: 'computeSavingsPlan',
  years: 1,
  payment: 'none',
  feeUsdPerHour: fee,
  until: monday + 365 * 86_400,
  ...over,
});
const orphan = (idleHours: number): Usage['orphans'][number] => ({
  id: 'eip',
  what: 'the address',
  region: 'us-east-1',
  usdPerHour: 0.005,
  idleHours,
  removeCommand: 'true',
});

interface Case {
  readonly services?: readonly FargateUsage[];
  readonly instances?: readonly InstanceUsage[];
  readonly orphans?: Usage['orphans'];
  readonly commitments?: readonly HeldCommitment[];
  /** Purchases are looked at in the cases that are about them. */
  readonly buys?: boolean;
  readonly bill: number;
  readonly lines: readonly (readonly [id: string, usdPerMonth: number])[];
}

const cases: Readonly<Record<string, Case>> = {
  'nothing to gain': { services: [four], bill: 146, lines: [] },
  // 4 × (0.05 - 0.04) × 730
  ARM: { services: [{ ...four, multiArch: true }], bill: 146, lines: [['arm:four', 29.2]] },
  // 40 % of 2 GB is 819 MiB, × 1.15 = 942: 0.5 vCPU / 1 GB for 0.02 + 0.005, half of it: 4 × 0.025 × 730
  'half the size': { services: [{ ...four, hourly: use(40, 40) }], bill: 146, lines: [['size:four', 73]] },
  // 41 % of the CPU would be 82 % of half of it: too much. Memory has no smaller step at 1 vCPU.
  'CPU just too busy for half': { services: [{ ...four, hourly: use(41, 40) }], bill: 146, lines: [] },
  // 40 % of 4 GB is 1638 MiB, × 1.15 = 1884: 2 GB. 4 × 2 × 0.005 × 730; before it was 4 × 0.06 × 730
  'memory alone': {
    services: [{ ...four, size: { cpu: 1024, memoryMiB: 4096 }, hourly: use(90, 40) }],
    bill: 175.2,
    lines: [['size:four', 29.2]],
  },
  // 73.00 leaves 4 × 0.025; ARM then saves a fifth of that: 4 × 0.005 × 730
  'size, then ARM on what is left': {
    services: [{ ...four, multiArch: true, hourly: use(40, 40) }],
    bill: 146,
    lines: [
      ['size:four', 73],
      ['arm:four', 14.6],
    ],
  },
  // 50 office hours of 168 need them: 4 × 0.05 × 118 / 168 × 730
  'a minimum of four around the clock for office hours': {
    services: [{ ...four, ...slo, hourly: { ...four.hourly, jobs: byHour((h) => (office(h) ? 9000 : 0)) } }],
    bill: 146,
    lines: [['schedule:four', 102.55]],
  },
  // The same with one job at three in the morning of each day: (4 - 1) tasks of 70 hours, and 4 tasks of no hour on
  // weekends, which need one as well: 3 × 0.05 × 118 / 168 × 730
  'one job at night keeps one task': {
    services: [
      {
        ...four,
        ...slo,
        hourly: { ...four.hourly, jobs: byHour((h) => (office(h) ? 9000 : h % 24 === 3 ? 1 : 0)) },
      },
    ],
    bill: 146,
    lines: [['schedule:four', 76.91]],
  },
  // Two of the four on Spot: 2 × (0.05 - 0.016) × 730
  'Spot above a base of two': {
    services: [
      {
        ...four,
        ...slo,
        bounds: { min: 0, max: 4 },
        interruptible: true,
        hourly: { ...four.hourly, jobs: always(100) },
      },
    ],
    bill: 146,
    lines: [['spot:four', 49.64]],
  },
  // One job in ten late, one in a hundred allowed: nothing is cut.
  'error budget spent': {
    services: [{ ...four, ...slo, multiArch: true, hourly: { ...use(40, 40), jobs: always(100), late: always(10) } }],
    bill: 146,
    lines: [],
  },
  // 4 × (0.05 + 0.005) × 730
  'addresses are in the bill': { services: [{ ...four, publicIpv4: true }], bill: 160.6, lines: [] },
  // In Ireland a task costs 0.044 + 2 × 0.0055 = 0.055: 146.00 + 160.60
  'two Regions': { services: [four, { ...four, name: 'five', region: 'eu-west-1' }], bill: 306.6, lines: [] },
  // 0.005 × 730
  'an orphan of three weeks goes': { orphans: [orphan(504)], bill: 3.65, lines: [['remove:eip', 3.65]] },
  'an orphan of four days stays': { orphans: [orphan(96)], bill: 3.65, lines: [] },
  // m5.xlarge 0.2: half of it is enough for 20 % and 30 %. 0.1 × 730
  'EC2 of twice the size': {
    instances: [
      instance('ec2', 'm5.xlarge', {
        hourly: { running: always(1), cpuP99Percent: always(20), memoryMaxPercent: always(30) },
      }),
    ],
    bill: 146,
    lines: [['size:one', 73]],
  },
  // Multi-AZ: 2 × 0.3 an hour, half of it gone. 0.3 × 730
  'a Multi-AZ database of twice the size': {
    instances: [
      instance('rds', 'db.m6g.xlarge', {
        multiAz: true,
        hourly: { running: always(1), cpuP99Percent: always(20), freeMemoryMinMiB: always(10_000) },
      }),
    ],
    bill: 438,
    lines: [['size:one', 219]],
  },
  // Office hours and the hour before: 55 of 168. 0.15 × 113 / 168 × 730
  'a database of office hours': {
    instances: [
      instance('rds', 'db.m6g.large', {
        hourly: { running: always(1), connections: byHour((h) => (office(h) ? 5 : 0)) },
      }),
    ],
    bill: 109.5,
    lines: [['stop:one', 73.65]],
  },
  // 0.15 × 730
  'a database that nobody uses': {
    instances: [
      instance('rds', 'db.m6g.large', {
        hourly: { running: always(1), cpuP99Percent: always(1), connections: always(0) },
      }),
    ],
    bill: 109.5,
    lines: [['remove:one', 109.5]],
  },
  // Two nodes: 2 × (0.15 - 0.12) × 730
  Valkey: {
    instances: [instance('elasticache', 'cache.m6g.large', { nodes: 2 })],
    bill: 219,
    lines: [['engine:one', 43.8]],
  },
  // 0.16 an hour covers all of the 0.2: 0.16 × 730. ARM would only leave a fifth of the fee unused.
  'a plan that covers all': {
    services: [{ ...four, multiArch: true }],
    commitments: [plan(0.16)],
    bill: 116.8,
    lines: [],
  },
  // 0.08 covers half of the 0.2: (0.08 + 0.1) × 730; on ARM 0.08 + (0.16 - 0.1): 0.04 × 730
  'a plan that covers half': {
    services: [{ ...four, multiArch: true }],
    commitments: [plan(0.08)],
    bill: 131.4,
    lines: [['arm:four', 29.2]],
  },
  // It ended in the second week: no coming month has it.
  'a plan that has ended': {
    services: [four],
    commitments: [plan(0.16, { until: monday + 7 * 86_400 })],
    bill: 146,
    lines: [],
  },
  // 0.2 an hour at 0.8 of its price: 0.04 × 730
  'a Savings Plan for what never stops': { services: [four], buys: true, bill: 146, lines: [['commit:compute', 29.2]] },
  // m5.large 0.1 at 0.63: 0.037 × 730; Fargate as above. The plan would cover both, at 0.72 for EC2.
  'a reservation where it is cheaper, and a plan for the rest': {
    services: [four],
    instances: [instance('ec2', 'm5.large')],
    buys: true,
    bill: 219,
    lines: [
      ['commit:ec2/us-east-1/m5', 27.01],
      ['commit:compute', 29.2],
    ],
  },
};

describe('accounts worked out by hand', () => {
  it.each(Object.entries(cases))(
    '%s',
    (_, { services = [], instances = [], orphans = [], commitments = [], ...expected }) => {
      const usage: Usage = {
        currency: 'USD',
        timeZone: 'UTC',
        holidays: [],
        from: monday,
        hours,
        services,
        instances,
        orphans,
        commitments,
        bill: [],
        unavailable: [],
      };
      const settings = { ...truthSettings, commitMinHistoryDays: expected.buys ? 14 : 1000 };
      const made = makePlan(usage, truthBook, settings);
      expect(made.usdPerMonthBefore).toBe(expected.bill);
      expect(made.recommendations.map(({ id, usdPerMonth }) => [id, usdPerMonth])).toEqual(expected.lines);
    },
  );
});

describe('a recorded file with the faults of real ones', () => {
  const at = (h: number): string => new Date((monday + h * 3600) * 1000).toISOString();
  const table = (columns: readonly string[], valuesAt: (h: number) => readonly (number | null)[]) => ({
    columns: ['at', ...columns],
    rows: Array.from({ length: hours }, (_, h) => [at(h), ...valuesAt(h)]),
  });
  const runs = (h: number): boolean => h % 24 >= 8 && h % 24 < 20;
  const usage = usageFrom({
    version: 1,
    currency: 'USD',
    timeZone: 'UTC',
    from: at(0),
    to: at(hours),
    services: [
      {
        // No owner, another Region, and three hours of each night that nobody saw.
        name: 'gaps',
        region: 'eu-west-1',
        cpu: 1024,
        memoryMiB: 2048,
        multiArch: false,
        tasks: { min: 2, max: 2 },
        hourly: table(['tasks', 'cpuP99Percent', 'memoryMaxPercent'], (h) =>
          h % 24 < 3 ? [null, null, null] : [2, 90, 86],
        ),
      },
    ],
    instances: [
      {
        // Twice the size since Thursday: the 80 % of before are 40 % now, and four days are too few to judge.
        kind: 'ec2',
        id: 'resized',
        region: 'us-east-1',
        type: 'm5.xlarge',
        engine: 'linux',
        sizeSince: at(hours - 96),
        hourly: table(['running', 'cpuP99Percent', 'memoryMaxPercent'], (h) => [1, h < hours - 96 ? 10 : 40, 30]),
      },
      {
        kind: 'rds',
        id: 'standby',
        region: 'us-east-1',
        type: 'db.m6g.large',
        engine: 'mysql',
        multiAz: true,
        hourly: table(['running', 'cpuP99Percent', 'connections'], () => [1, 50, 20]),
      },
      {
        // Somebody stops it at night already; nothing is measured then.
        kind: 'ec2',
        id: 'half',
        region: 'us-east-1',
        type: 'm5.large',
        engine: 'linux',
        hourly: table(['running', 'cpuP99Percent'], (h) => (runs(h) ? [1, 60] : [0, null])),
      },
      {
        kind: 'rds',
        id: 'unknown',
        region: 'us-east-1',
        type: 'db.z9.large',
        engine: 'mysql',
        hourly: table(['running'], () => [1]),
      },
    ],
    commitments: [
      {
        id: 'ri-1',
        kind: 'reservation',
        covers: 'rds/us-east-1/mysql/m6g',
        years: 1,
        payment: 'none',
        feeUsdPerHour: 0.21,
        until: at(hours + 120),
      },
    ],
  });
  const made = makePlan(usage, truthBook, truthSettings);

  it('is billed to the cent', () => {
    // gaps 2 × 0.055 × 21 / 24 × 730 = 70.2625, resized 0.2 × 730 = 146, standby 0.3 × 0.7 × 730 = 153.3,
    // half 0.1 × 12 / 24 × 730 = 36.5: together 406.0625
    expect(made.usdPerMonthBefore).toBe(406.06);
    expect(made.unpriced).toEqual(['unknown']);
  });

  it('nothing is advised that its faults do not allow', () => {
    expect(made.recommendations.map(({ id, usdPerMonth }) => [id, usdPerMonth])).toEqual([
      // What never stops of m5 is the 0.2 of `resized`: 0.2 × 0.37 × 730. That of `half` is off half of the time.
      ['commit:ec2/us-east-1/m5', 54.02],
      // 0.088 an hour: in 12 hours of the day `half` for 0.072 and 0.02 of `gaps` for the rest, in 9 all 0.11 of `gaps`, in
      // 3 nothing that anybody saw: ((0.12 × 12 + 0.11 × 9) / 24 - 0.088) × 730
      ['commit:compute', 9.67],
    ]);
  });

  it('the reservation that ends next week is named', () => {
    expect(made.warnings.map(({ resource, text }) => `${resource}: ${text.slice(0, 18)}`)).toContain(
      'ri-1: Ends on 2026-09-12',
    );
  });
});
