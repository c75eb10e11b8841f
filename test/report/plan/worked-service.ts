import type { FargateUsage, Usage } from '../../../lib/report/usage/usage.ts';

/** Monday 2026-08-17, 00:00 UTC. */
export const monday = Date.UTC(2026, 7, 17) / 1000;

/** Repeats a week of 168 values. */
export const weeksOf = (weeks: number, valueAt: (hourOfWeek: number) => number): number[] =>
  Array.from({ length: weeks * 168 }, (_, h) => valueAt(h % 168));

/** 60 hours of the week: Monday to Friday, 08:00 to 20:00. */
export const isBusiness = (hourOfWeek: number): boolean =>
  hourOfWeek < 120 && hourOfWeek % 24 >= 8 && hourOfWeek % 24 < 20;
export const isWeekend = (hourOfWeek: number): boolean => hourOfWeek >= 120;

/** The service of facts/cost.md, part B: 2 vCPU / 4 GB, 10 tasks on working days, 4 at night and on weekends. */
export const workedService = (weeks: number): FargateUsage => {
  const tasks = weeksOf(weeks, (h) => (isBusiness(h) ? 10 : 4));
  return {
    name: 'convert',
    region: 'us-east-1',
    architecture: 'x86',
    size: { cpu: 2048, memoryMiB: 4096 },
    spotShare: 0,
    publicIpv4: false,
    slo: { percent: 99, startWithinSeconds: 300 },
    bounds: { min: 4, max: 10 },
    concurrency: 1,
    serviceSeconds: { mean: 30, p99: 90 },
    startSeconds: { median: 35, p95: 75 },
    interruptible: true,
    multiArch: true,
    hourly: {
      tasks,
      min: tasks,
      // By Erlang's formula these need 10, 2 and 1 tasks.
      jobs: weeksOf(weeks, (h) => (isBusiness(h) ? 1130 : isWeekend(h) ? 50 : 150)),
      // Waits for the network nearly all of the time.
      cpuMeanPercent: tasks.map(() => 0),
      cpuP99Percent: tasks.map(() => 30),
      memoryMaxPercent: tasks.map(() => 40),
    },
  };
};

export const usageOf = (services: readonly FargateUsage[], more: Partial<Usage> = {}): Usage => ({
  currency: 'USD',
  timeZone: 'UTC',
  holidays: [],
  from: monday,
  hours: services[0]?.hourly.tasks.length ?? 0,
  services,
  instances: [],
  orphans: [],
  commitments: [],
  bill: [],
  unavailable: [],
  ...more,
});
