import { jobsOf, secondsOn, tasksBy, todaysWays } from './billing-engine.ts';
import { type TrueAccount, type TrueInstance, weekHours } from './true-account.ts';

/** Monday 2026-08-17, 00:00 UTC. */
export const firstHour = Date.UTC(2026, 7, 17) / 1000;

export const memoryOfInstance = 16_384;

/** What an account shows of itself in its first weeks: a usage, as whoever reads CloudWatch would record it. */
export const shownUsage = (account: TrueAccount, weeks: number) => {
  const hours = weeks * weekHours;
  const today = todaysWays(account);
  return {
    currency: 'USD' as const,
    timeZone: 'UTC',
    holidays: [],
    from: firstHour,
    hours,
    services: account.services.map((service, i) => {
      const way = today.services[i];
      const jobs = jobsOf(account, i, weeks);
      const tasks = way === undefined ? [] : tasksBy(service, way, jobs);
      const seconds = secondsOn(service, service.cpu);
      const computes = 100 * service.computing;
      return {
        name: service.name,
        region: service.region,
        architecture: service.architecture,
        size: { cpu: service.cpu, memoryMiB: service.memoryMiB },
        spotShare: 0,
        publicIpv4: service.address,
        slo: { percent: service.percent, startWithinSeconds: service.within },
        bounds: { min: service.min, max: service.max },
        concurrency: 1,
        serviceSeconds: { mean: seconds, p99: 4.6 * seconds },
        startSeconds: { median: 35, p95: service.startP95 },
        interruptible: service.interruptible,
        multiArch: service.bothArchitectures,
        hourly: {
          tasks,
          jobs,
          late: jobs.map(() => 0),
          cpuMeanPercent: tasks.map((count, h) =>
            count === 0 ? null : (computes * (jobs[h] as number) * seconds) / 3600 / count,
          ),
          cpuP99Percent: tasks.map((count, h) => (count === 0 ? null : jobs[h] === 0 ? 0 : computes)),
          memoryMaxPercent: tasks.map((count) =>
            count === 0 ? null : (100 * service.memoryPeakMiB) / service.memoryMiB,
          ),
        },
      };
    }),
    instances: account.databases.map((instance) => shownInstance(instance, hours)),
    orphans: [],
    commitments:
      account.heldFee === 0
        ? []
        : [
            {
              id: 'held',
              kind: 'computeSavingsPlan' as const,
              years: 1 as const,
              payment: 'none' as const,
              feeUsdPerHour: account.heldFee,
              until: firstHour + 365 * 86_400,
            },
          ],
    bill: [],
    unavailable: [],
  };
};

const shownInstance = (instance: TrueInstance, hours: number) => {
  const series = (valueAt: (used: boolean) => number) =>
    Array.from({ length: hours }, (_, h) => valueAt(instance.used[h % weekHours] ?? true));
  return {
    kind: instance.kind,
    id: instance.id,
    region: 'us-east-1',
    type: `${instance.family}.${instance.size}`,
    engine: instance.engine,
    multiAz: instance.multiAz,
    nodes: 1,
    memoryMiB: memoryOfInstance,
    maxConnections: 1000,
    hourly: {
      running: series(() => 1),
      cpuP99Percent: series((used) => (used ? instance.cpuPeak : 1)),
      memoryMaxPercent: series(() => 100 * instance.memoryShare),
      freeMemoryMinMiB: series(() => (1 - instance.memoryShare) * memoryOfInstance),
      swapMaxMiB: series(() => 0),
      connections: series((used) => (used ? 20 : 0)),
      evictions: series(() => 0),
    },
  };
};
