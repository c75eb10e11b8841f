import { writeFileSync } from 'node:fs';
import { createRandom } from '../../lib/simulate/random.ts';

// Writes usage.json beside this file: nine made-up weeks of a small team in Copenhagen, the same on every run.

const hours = 9 * 168;
const from = Date.UTC(2026, 8, 14);
const random = createRandom(20260914);

const iso = (h: number): string => `${new Date(from + h * 3_600_000).toISOString().slice(0, 16)}Z`;
/** Copenhagen is two hours ahead of UTC until 25 October, then one. */
const local = (h: number): { readonly hour: number; readonly weekend: boolean } => {
  const at = new Date(from + h * 3_600_000 + (from + h * 3_600_000 < Date.UTC(2026, 9, 25, 1) ? 2 : 1) * 3_600_000);
  return { hour: at.getUTCHours(), weekend: at.getUTCDay() === 0 || at.getUTCDay() === 6 };
};
const isOffice = (h: number): boolean => !local(h).weekend && local(h).hour >= 8 && local(h).hour < 18;

const rows = (valuesAt: (h: number) => readonly (number | null)[]): readonly (readonly (string | number | null)[])[] =>
  Array.from({ length: hours }, (_, h) => [iso(h), ...valuesAt(h)]);

/** Converts uploads: busy in office hours, nearly asleep at night, five tasks all the time. */
const convertRate = (h: number): number => (isOffice(h) ? 900 + 25 * Math.floor(h / 168) : local(h).weekend ? 40 : 110);
const convertMinutes = Array.from({ length: 168 * 60 }, (_, m) =>
  random.poisson(convertRate(hours - 168 + Math.floor(m / 60)) / 60),
);
const convertJobs = Array.from({ length: hours }, (_, h) =>
  h >= hours - 168
    ? convertMinutes.slice((h - hours + 168) * 60, (h - hours + 169) * 60).reduce((sum, jobs) => sum + jobs, 0)
    : random.poisson(h === 700 ? 3400 : convertRate(h)),
);
const convert = {
  name: 'convert',
  region: 'us-east-1',
  owner: 'media',
  cpu: 2048,
  memoryMiB: 4096,
  publicIpv4: true,
  slo: { percent: 99, startWithinSeconds: 60 },
  tasks: { min: 5, max: 20 },
  serviceSeconds: { mean: 12, p99: 40 },
  interruptible: true,
  multiArch: true,
  hourly: {
    columns: ['at', 'tasks', 'jobs', 'late', 'failed', 'cpuMeanPercent', 'cpuP99Percent', 'memoryMaxPercent'],
    rows: rows((h) => {
      const jobs = convertJobs[h] ?? 0;
      const tasks = Math.max(5, Math.ceil((jobs * 12) / 3600 / 0.8));
      return [
        tasks,
        jobs,
        Math.floor(jobs * 0.004),
        random.poisson(jobs * 0.01),
        9,
        24 + random.integer(8),
        31 + random.integer(6),
      ];
    }),
  },
  arrivalsByMinute: convertMinutes,
};

/** A nightly import at the edge of its memory. */
const importer = {
  name: 'nightly-import',
  region: 'us-east-1',
  owner: 'data',
  cpu: 512,
  memoryMiB: 1024,
  slo: { percent: 95, startWithinSeconds: 600 },
  tasks: { min: 0, max: 4 },
  serviceSeconds: { mean: 300, p99: 700 },
  hourly: {
    columns: ['at', 'tasks', 'jobs', 'late', 'cpuMeanPercent', 'cpuP99Percent', 'memoryMaxPercent'],
    rows: rows((h) => {
      const on = local(h).hour >= 1 && local(h).hour < 4;
      return on ? [3, 30, 1, 50, 72, 91] : [0, 0, 0, null, null, null];
    }),
  },
};

const orders = {
  kind: 'rds',
  id: 'orders',
  region: 'us-east-1',
  owner: 'shop',
  type: 'db.r5.xlarge',
  engine: 'mysql',
  memoryMiB: 32_768,
  maxConnections: 2000,
  hourly: {
    columns: ['at', 'running', 'cpuP99Percent', 'freeMemoryMinMiB', 'swapMaxMiB', 'connections'],
    rows: rows((h) => [1, isOffice(h) ? 22 + random.integer(8) : 6, 17_500, 0, isOffice(h) ? 120 : 35]),
  },
};

/** A test database that nobody touches at night or on weekends. */
const staging = {
  ...orders,
  id: 'orders-staging',
  type: 'db.t3.large',
  memoryMiB: 8192,
  hourly: {
    columns: ['at', 'running', 'cpuP99Percent', 'freeMemoryMinMiB', 'swapMaxMiB', 'connections'],
    rows: rows((h) => [1, isOffice(h) ? 55 : 4, 900, 0, isOffice(h) ? 6 : 0]),
  },
};

const sessions = {
  kind: 'elasticache',
  id: 'sessions',
  region: 'us-east-1',
  owner: 'shop',
  type: 'cache.r6g.large',
  engine: 'redis',
  nodes: 2,
  hourly: {
    columns: ['at', 'running', 'cpuP99Percent', 'memoryMaxPercent', 'evictions', 'connections'],
    rows: rows((h) => [1, isOffice(h) ? 14 : 4, 58, 0, 40]),
  },
};

const file = {
  version: 1,
  currency: 'USD',
  timeZone: 'Europe/Copenhagen',
  holidays: [],
  from: iso(0),
  to: iso(hours),
  services: [convert, importer],
  instances: [orders, staging, sessions],
  orphans: [
    {
      id: 'eipalloc-0a1b2c3d',
      what: 'the unattached address',
      region: 'us-east-1',
      usdPerHour: 0.005,
      idleHours: hours,
      removeCommand: 'aws ec2 release-address --allocation-id eipalloc-0a1b2c3d --region us-east-1',
    },
  ],
  unavailable: [
    { source: 'Cost Explorer', because: 'this file was recorded without it', needs: 'the action ce:GetCostAndUsage' },
  ],
};

// A row a line: people read it, and git shows what changed.
const text = JSON.stringify(file, null, 1)
  .replaceAll(/\[\s+("20[^[\]]*?)\s+\]/g, (_, row: string) => `[${row.replaceAll(/\s*\n\s*/g, ' ')}]`)
  .replaceAll(
    /"arrivalsByMinute": \[([^\]]*)\]/g,
    (_, list: string) => `"arrivalsByMinute": [${list.replaceAll(/\s+/g, '')}]`,
  );
writeFileSync(new URL('usage.json', import.meta.url), `${text}\n`);
