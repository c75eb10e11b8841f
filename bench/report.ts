import { bundledPrices } from '../lib/report/prices/bundled-prices.ts';
import type { Usage } from '../lib/report/usage/usage.ts';
import { makeReport } from '../lib/report/weekly/weekly-report.ts';
import { createRandom } from '../lib/simulate/random.ts';

export interface ReportSpeed {
  readonly services: number;
  readonly weeks: number;
  readonly cpuSeconds: number;
  readonly goalSeconds: number;
  readonly peakMiB: number;
  readonly goalMiB: number;
}

/** The report on made-up services with a day and a night: the two sizes that it promises to be fast on. */
export const benchReport = (): readonly ReportSpeed[] => [measure(50, 8, 20, 512), measure(1000, 26, 60, 1024)];

const measure = (services: number, weeks: number, goalSeconds: number, goalMiB: number): ReportSpeed => {
  const usage = madeUp(services, weeks);
  const before = process.cpuUsage();
  makeReport(usage, bundledPrices);
  const { user, system } = process.cpuUsage(before);
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  return { services, weeks, cpuSeconds: (user + system) / 1e6, goalSeconds, peakMiB, goalMiB };
};

const madeUp = (services: number, weeks: number): Usage => {
  const hours = weeks * 168;
  const random = createRandom(1);
  return {
    currency: 'USD',
    timeZone: 'Europe/Copenhagen',
    holidays: [],
    from: Date.UTC(2026, 4, 4) / 1000,
    hours,
    services: Array.from({ length: services }, (_, i) => {
      const peak = 50 + random.integer(900);
      const rate = (h: number): number => (h % 168 < 120 && h % 24 >= 7 && h % 24 < 18 ? peak : peak / 10);
      const jobs = Array.from({ length: hours }, (_, h) => random.poisson(rate(h)));
      const tasks = jobs.map((count) => Math.max(3, Math.ceil((count * 20) / 3600 / 0.7)));
      return {
        name: `service-${i}`,
        region: 'us-east-1',
        architecture: 'x86' as const,
        size: { cpu: 1024, memoryMiB: 4096 },
        spotShare: 0,
        publicIpv4: false,
        slo: { percent: 99, startWithinSeconds: 60 },
        bounds: { min: 3, max: 60 },
        concurrency: 1,
        serviceSeconds: { mean: 20, p99: 70 },
        startSeconds: { median: 35, p95: 75 },
        interruptible: true,
        hourly: {
          tasks,
          jobs,
          late: jobs.map(() => 0),
          cpuMeanPercent: tasks.map(() => 20 + random.integer(10)),
          cpuP99Percent: tasks.map(() => 30 + random.integer(10)),
          memoryMaxPercent: tasks.map(() => 30 + random.integer(5)),
        },
        arrivalsByMinute: Array.from({ length: 168 * 60 }, (_, m) => random.poisson(rate(Math.floor(m / 60)) / 60)),
      };
    }),
    instances: [],
    orphans: [],
    commitments: [],
    bill: [],
    unavailable: [],
  };
};
