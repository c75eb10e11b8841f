import { writeFileSync } from 'node:fs';
import type { Policy } from '../../lib/model/policy.ts';
import { planFor } from '../../lib/simulate/baselines/plan-for.ts';
import { plannedScaler } from '../../lib/simulate/baselines/planned-scaler.ts';
import type { Situation } from '../../lib/simulate/baselines/situation.ts';
import type { Setup } from '../../lib/simulate/engine/setup.ts';
import { createRandom } from '../../lib/simulate/random.ts';
import { runScaler } from '../../lib/simulate/run-scaler.ts';
import { drawJobs } from '../../lib/simulate/simulated-jobs.ts';
import { worlds } from '../../lib/simulate/world.ts';

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

/** What a scaler made of nine weeks of such arrivals: played by the simulator, so that what is recorded could have been. */
const played = (rateAt: (h: number) => number, of: Played) => {
  const rates = Array.from({ length: hours * 60 }, (_, m) => {
    // Minutes of one hour differ by more than chance.
    const burst = random.lognormal(1, 0.3);
    return (rateAt(Math.floor(m / 60)) / 60) * burst;
  });
  const counts = rates.map((rate) => random.poisson(rate));
  const jobs = drawJobs({
    buckets: counts.map((count, m) => ({ second: m * 60, widthSeconds: 60, jobs: count })),
    seed: 1,
    scale: 1,
    meanServiceSeconds: of.seconds,
    serviceCv: 0.6,
  });
  const situation: Situation = {
    percent: 99,
    startWithinSeconds: of.within,
    meanServiceSeconds: of.seconds,
    concurrency: 1,
    bounds: of.tasks,
    initial: of.tasks.min,
    stopTimeoutSeconds: 120,
    tickSeconds: 15,
    startEpoch: from / 1000,
  };
  const setup: Setup = {
    ...situation,
    seed: 1,
    protect: true,
    visibilitySeconds: 60,
    world: worlds.realistic,
    cpuOfBusySlots: of.cpuOfBusySlots,
  };
  const seconds = new Float64Array(hours + 1);
  const scaler = plannedScaler(planFor(situation, of.policy), situation.startEpoch);
  const { waits } = runScaler(jobs, setup, scaler, ({ t, running, pending }) => {
    const h = Math.min(hours, Math.floor(t / 3600));
    seconds[h] = (seconds[h] ?? 0) + (running + pending / 2) * situation.tickSeconds;
  });
  const came = new Array<number>(hours).fill(0);
  const late = new Array<number>(hours).fill(0);
  const byMinute = new Array<number>(hours * 60).fill(0);
  for (let job = 0; job < jobs.count; job++) {
    const minute = Math.floor((jobs.arrivalSeconds[job] ?? 0) / 60);
    const h = Math.floor(minute / 60);
    byMinute[minute] = (byMinute[minute] ?? 0) + 1;
    came[h] = (came[h] ?? 0) + 1;
    if (!((waits[job] ?? 0) <= of.within)) late[h] = (late[h] ?? 0) + 1;
  }
  return {
    tasks: came.map((_, h) => Math.round((100 * (seconds[h] ?? 0)) / 3600) / 100),
    jobs: came,
    late,
    minutes: byMinute.slice(-168 * 60),
    cpu: came.map((jobsOfHour, h) => {
      const taskSeconds = seconds[h] ?? 0;
      return taskSeconds < 60 ? null : Math.round((100 * of.cpuOfBusySlots * jobsOfHour * of.seconds) / taskSeconds);
    }),
  };
};

interface Played {
  readonly seconds: number;
  readonly within: number;
  readonly tasks: { readonly min: number; readonly max: number };
  readonly policy: Policy;
  /** Share of its CPU that a task takes while it works. */
  readonly cpuOfBusySlots: number;
}

/** Converts uploads on `slo`: busy in office hours, nearly asleep at night, and two tasks that stand by all the time. */
const convertRate = (h: number): number =>
  h === 700 ? 3400 : isOffice(h) ? 1500 + 25 * Math.floor(h / 168) : local(h).weekend ? 40 : 110;
const convertTasks = { min: 2, max: 20 };
const convertWeeks = played(convertRate, {
  seconds: 12,
  within: 60,
  tasks: convertTasks,
  policy: { type: 'slo' },
  cpuOfBusySlots: 0.05,
});
const convert = {
  name: 'convert',
  region: 'us-east-1',
  owner: 'media',
  cpu: 2048,
  memoryMiB: 4096,
  publicIpv4: true,
  slo: { percent: 99, startWithinSeconds: 60 },
  tasks: convertTasks,
  serviceSeconds: { mean: 12, p99: 36 },
  interruptible: true,
  multiArch: true,
  hourly: {
    columns: ['at', 'tasks', 'jobs', 'late', 'failed', 'cpuMeanPercent', 'cpuP99Percent', 'memoryMaxPercent'],
    rows: rows((h) => [
      convertWeeks.tasks[h] ?? null,
      convertWeeks.jobs[h] ?? null,
      convertWeeks.late[h] ?? null,
      random.poisson((convertWeeks.jobs[h] ?? 0) * 0.01),
      convertWeeks.cpu[h] ?? null,
      30 + random.integer(6),
      31 + random.integer(6),
    ]),
  },
  arrivalsByMinute: convertWeeks.minutes,
};

/** Thumbnails, still on the rule that they came with: CPU at 30 %, as a web service would have it. */
const thumbnailTasks = { min: 1, max: 30 };
const thumbnailPolicy: Policy = { type: 'targetTracking', signals: [{ signal: 'cpu', target: 30 }], tolerance: 0.1 };
const thumbnailWeeks = played((h) => (isOffice(h) ? 1100 : local(h).weekend ? 120 : 240), {
  seconds: 9,
  within: 60,
  tasks: thumbnailTasks,
  policy: thumbnailPolicy,
  cpuOfBusySlots: 0.75,
});
const thumbnails = {
  name: 'thumbnails',
  region: 'us-east-1',
  owner: 'media',
  architecture: 'arm64',
  cpu: 1024,
  memoryMiB: 2048,
  slo: { percent: 99, startWithinSeconds: 60 },
  tasks: thumbnailTasks,
  scaling: { by: 'sluice', policy: thumbnailPolicy },
  serviceSeconds: { mean: 9, p99: 27 },
  hourly: {
    columns: ['at', 'tasks', 'jobs', 'late', 'cpuMeanPercent', 'cpuP99Percent', 'memoryMaxPercent'],
    rows: rows((h) => [
      thumbnailWeeks.tasks[h] ?? null,
      thumbnailWeeks.jobs[h] ?? null,
      thumbnailWeeks.late[h] ?? null,
      thumbnailWeeks.cpu[h] ?? null,
      72 + random.integer(6),
      58 + random.integer(5),
    ]),
  },
  arrivalsByMinute: thumbnailWeeks.minutes,
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
  // None of them in these weeks.
  holidays: ['2026-12-24', '2026-12-25', '2026-12-26', '2027-01-01'],
  from: iso(0),
  to: iso(hours),
  services: [convert, thumbnails, importer],
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
