import { describe, expect, it } from 'vitest';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import { simpleReport } from '../../../lib/report/simple/simple-report.ts';
import { type SimpleFacts, simpleAdvice } from '../../../lib/report/simple/simple-rules.ts';
import { usageOf, weeksOf, workedService } from '../plan/worked-service.ts';

const hours = (n: number, value: number): readonly number[] => Array.from({ length: n }, () => value);
/** 1 vCPU, 4 GB at USD 10 a vCPU and 1 a GB: 14 a month. */
const service: SimpleFacts = {
  cpuPercent: hours(168, 50),
  memoryPercent: hours(168, 50),
  size: { cpu: 1024, memoryMiB: 4096 },
  usdPerMonth: 14,
  usdOfSize: ({ cpu, memoryMiB }) => (10 * cpu) / 1024 + memoryMiB / 1024,
  spot: false,
  offHours: false,
  reservable: false,
};
const instance: SimpleFacts = {
  cpuPercent: hours(168, 15),
  memoryPercent: [],
  usdPerMonth: 100,
  smallerUsdPerMonth: 50,
  spot: false,
  offHours: false,
  reservable: true,
};

describe('sizes', () => {
  it.each<readonly [string, Partial<SimpleFacts>, string | undefined]>([
    // 10 % of 1024 is 102; × 1.3 = 133: 256 units. Memory 50 % keeps 4 GB, which wants 512 units at least.
    ['CPU 10 %, memory stays', { cpuPercent: hours(168, 10) }, '512/4096'],
    // And 25 % of 4096 is 1024; × 1.2 = 1229: 2 GB.
    ['CPU 10 %, memory 25 %', { cpuPercent: hours(168, 10), memoryPercent: hours(168, 25) }, '256/2048'],
    // 29 % of 1024 = 297; × 1.3 = 386: 512 units.
    ['CPU just below 30 %', { cpuPercent: hours(168, 29) }, '512/4096'],
    ['CPU at 30 %', { cpuPercent: hours(168, 30) }, undefined],
    // 39 % of 4096 = 1597; × 1.2 = 1917: 2 GB beside a whole vCPU.
    ['memory just below 40 %', { memoryPercent: hours(168, 39) }, '1024/2048'],
    ['memory at 40 %', { memoryPercent: hours(168, 40) }, undefined],
    ['24 samples are enough', { cpuPercent: hours(24, 10), memoryPercent: hours(24, 50) }, '512/4096'],
    ['23 are not', { cpuPercent: hours(23, 10) }, undefined],
    ['memory that nobody measured is left', { cpuPercent: hours(168, 10), memoryPercent: [] }, '512/4096'],
  ])('%s', (_, facts, expected) => {
    const size = simpleAdvice({ ...service, ...facts })[0]?.size;
    expect(size && `${size.cpu}/${size.memoryMiB}`).toBe(expected);
  });

  it.each([
    [15, 'size'],
    [19.9, 'size'],
    [20, 'commit'],
  ])('an instance at %d %% CPU: %s first', (cpu, kind) => {
    expect(simpleAdvice({ ...instance, cpuPercent: hours(168, cpu) })[0]?.kind).toBe(kind);
  });

  it.each([
    [81, 12, 'larger'],
    [80, 12, 'commit'],
    [81, 11, 'commit'],
  ])('CPU forecast at %d %% from %d samples: %s', (forecastCpuPercent, samples, kind) => {
    const facts = { ...instance, cpuPercent: hours(samples, 70), forecastCpuPercent };
    expect(simpleAdvice(facts)[0]).toMatchObject({ kind });
  });
});

describe('in sequence', () => {
  it.each<readonly [string, SimpleFacts, 'none' | 'partial' | 'all', readonly (readonly [string, number])[]]>([
    // 100 → 50 for the class; 25 % of 50.
    [
      'class and reservation',
      instance,
      'none',
      [
        ['size', 50],
        ['commit', 12.5],
      ],
    ],
    // 35 % and 50 % of 50.
    [
      'partial upfront',
      instance,
      'partial',
      [
        ['size', 50],
        ['commit', 17.5],
      ],
    ],
    [
      'all upfront',
      instance,
      'all',
      [
        ['size', 50],
        ['commit', 25],
      ],
    ],
    // 20 % of 50 is 10; 25 % of 40.
    [
      'with off hours',
      { ...instance, offHours: true },
      'none',
      [
        ['size', 50],
        ['schedule', 10],
        ['commit', 10],
      ],
    ],
    // 14 → 20 % of 14 = 2.80; 70 % of 11.20 = 7.84. Together 76 %, not 90 %.
    [
      'off hours and Spot',
      { ...service, spot: true, offHours: true },
      'none',
      [
        ['schedule', 2.8],
        ['spot', 7.84],
      ],
    ],
  ])('%s', (_, facts, payment, expected) => {
    const advice = simpleAdvice(facts, payment);
    expect(advice.map(({ kind, usdPerMonth }) => [kind, usdPerMonth])).toEqual(expected);
    expect(advice.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0)).toBeLessThanOrEqual(facts.usdPerMonth);
  });
});

it('a usage: 1 vCPU / 2 GB by memory 40 %, off at night, Spot', () => {
  const busy = weeksOf(2, (h) => (h < 120 && h % 24 >= 6 && h % 24 < 20 ? 100 : 0));
  const worker = workedService(2);
  const report = simpleReport(
    usageOf([
      {
        ...worker,
        hourly: {
          ...worker.hourly,
          tasks: busy.map(() => 1),
          jobs: busy,
          cpuMeanPercent: busy.map(() => 50),
          memoryMaxPercent: busy.map(() => 60),
        },
      },
    ]),
    bundledPrices,
  );
  // 0.09874 × 730 = 72.08; the size stays; 20 % of it is 14.42; 70 % of 57.66 is 40.36.
  expect(report.usdPerMonth).toBe(72.08);
  expect(report.resources[0]?.advice.map(({ kind, usdPerMonth }) => [kind, usdPerMonth])).toEqual([
    ['schedule', 14.42],
    ['spot', 40.36],
  ]);
  expect(report.savingUsdPerMonth).toBe(54.78);
});
