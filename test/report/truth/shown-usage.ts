import { heldBy, type InstanceWay, jobsOf, secondsOn, tasksBy, todaysWays, type Ways } from './billing-engine.ts';
import { sizeSteps } from './price-table.ts';
import { type TrueAccount, type TrueInstance, weekHours } from './true-account.ts';

/** Monday 2026-08-17, 00:00 UTC. */
export const firstHour = Date.UTC(2026, 7, 17) / 1000;

export const memoryOfInstance = 16_384;

/** What an account, run in these ways, shows of itself in its first weeks: a usage, as whoever reads CloudWatch would record it. */
export const shownUsage = (account: TrueAccount, weeks: number, ways: Ways = todaysWays(account)) => {
  const hours = weeks * weekHours;
  return {
    currency: 'USD' as const,
    timeZone: 'UTC',
    holidays: [],
    from: firstHour,
    hours,
    services: account.services.flatMap((service, i) => {
      const way = ways.services[i];
      if (way === undefined) return [];
      const jobs = jobsOf(account, i, weeks);
      const tasks = tasksBy(service, way, jobs);
      const seconds = secondsOn(service, way.cpu);
      const computes = (100 * service.computing * service.cpu * service.seconds) / way.cpu / seconds;
      const shown = {
        name: service.name,
        region: service.region,
        architecture: way.architecture,
        size: { cpu: way.cpu, memoryMiB: way.memoryMiB },
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
          min: tasks.map((_, h) => way.minAt(h % weekHours)),
          onDemand: tasks.map((count) => Math.min(way.base, count)),
          jobs,
          late: jobs.map(() => 0),
          cpuMeanPercent: tasks.map((count, h) =>
            count === 0 ? null : (computes * (jobs[h] as number) * seconds) / 3600 / count,
          ),
          cpuP99Percent: tasks.map((count, h) => (count === 0 ? null : jobs[h] === 0 ? 0 : computes)),
          memoryMaxPercent: tasks.map((count) => (count === 0 ? null : (100 * service.memoryPeakMiB) / way.memoryMiB)),
        },
      };
      return [shown];
    }),
    instances: account.databases.flatMap((instance, i) => {
      const way = ways.databases[i];
      return way === undefined ? [] : [shownInstance(instance, way, hours)];
    }),
    orphans: [],
    commitments: [...heldBy(account), ...ways.bought].map(({ kind, covers, fee }, i) => ({
      id: `held-${i}`,
      kind,
      ...(covers === undefined ? {} : { covers }),
      years: 1 as const,
      payment: 'none' as const,
      feeUsdPerHour: fee,
      until: firstHour + 365 * 86_400,
    })),
    bill: [],
    unavailable: [],
  };
};

/** Half the machine is twice as busy, and has half of its memory less free. */
const shownInstance = (instance: TrueInstance, way: InstanceWay, hours: number) => {
  const smaller = sizeSteps[instance.size] ?? 1;
  const times = smaller / (sizeSteps[way.size] ?? 1);
  const memory = memoryOfInstance / times;
  const runs = (h: number): boolean => way.runsAt(h % weekHours);
  const series = (valueAt: (used: boolean) => number) =>
    Array.from({ length: hours }, (_, h) => (runs(h) ? valueAt(instance.used[h % weekHours] ?? true) : null));
  return {
    kind: instance.kind,
    id: instance.id,
    region: 'us-east-1',
    type: `${way.family}.${way.size}`,
    engine: way.engine,
    multiAz: instance.multiAz,
    nodes: 1,
    memoryMiB: memory,
    maxConnections: 1000,
    hourly: {
      running: Array.from({ length: hours }, (_, h) => (runs(h) ? 1 : 0)),
      cpuP99Percent: series((used) => (used ? times * instance.cpuPeak : 1)),
      memoryMaxPercent: series(() => Math.min(100, 100 * times * instance.memoryShare)),
      freeMemoryMinMiB: series(() => Math.max(0, memory - instance.memoryShare * memoryOfInstance)),
      swapMaxMiB: series(() => 0),
      connections: series((used) => (used ? 20 : 0)),
      evictions: series(() => 0),
    },
  };
};
