import { addressPrice, discounts, largePrices, sizeSteps, type TruthArchitecture, taskPrices } from './price-table.ts';
import { tasksFor } from './queue-theory.ts';
import { dice, type TrueAccount, type TrueInstance, type TrueService, weekHours } from './true-account.ts';

/** How one service is run. */
export interface ServiceWay {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly architecture: TruthArchitecture;
  readonly minAt: (hourOfWeek: number) => number;
  /** Tasks on demand before Spot; infinite: no Spot. */
  readonly base: number;
}

export interface InstanceWay {
  readonly engine: string;
  readonly family: string;
  readonly size: string;
  readonly runsAt: (hourOfWeek: number) => boolean;
}

export interface PlanBought {
  readonly kind: 'reservation' | 'ec2SavingsPlan' | 'databaseSavingsPlan' | 'computeSavingsPlan';
  readonly covers?: string;
  readonly fee: number;
}

export interface Ways {
  readonly services: readonly ServiceWay[];
  readonly databases: readonly InstanceWay[];
  readonly bought: readonly PlanBought[];
}

export const todaysWays = ({ services, databases }: TrueAccount): Ways => ({
  services: services.map(({ cpu, memoryMiB, architecture, min }) => ({
    cpu,
    memoryMiB,
    architecture,
    minAt: () => min,
    base: Number.POSITIVE_INFINITY,
  })),
  databases: databases.map(({ engine, family, size }) => ({ engine, family, size, runsAt: () => true })),
  bought: [],
});

/** Jobs of each hour: drawn once from the seed, the same for every way of running it. */
export const jobsOf = (account: TrueAccount, service: number, weeks: number): readonly number[] => {
  const roll = dice(account.seed * 31 + service);
  const rate = account.services[service]?.rate ?? [];
  return Array.from({ length: weeks * weekHours }, (_, h) => {
    const mean = rate[h % weekHours] ?? 0;
    // Near enough to Poisson for these rates.
    const normal = Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());
    return mean === 0 ? 0 : Math.max(0, Math.round(mean + normal * Math.sqrt(mean)));
  });
};

export const secondsOn = (service: TrueService, cpu: number): number =>
  service.seconds * (1 - service.computing + (service.computing * service.cpu) / cpu);

/** Task counts under a scaler that adds what the promise needs, and never has fewer than its minimum. */
export const tasksBy = (service: TrueService, way: ServiceWay, jobs: readonly number[]): readonly number[] =>
  jobs.map((count, h) => Math.min(service.max, Math.max(way.minAt(h % weekHours), needed(service, way.cpu, count))));

/** What the promise needs for so many jobs in an hour. Asked thousands of times for the same hours, so remembered. */
export const needed = (service: TrueService, cpu: number, jobs: number): number => {
  const known = needs.get(service) ?? new Map<string, number>();
  needs.set(service, known);
  const key = `${cpu}/${jobs}`;
  const tasks = known.get(key) ?? tasksFor(jobs, secondsOn(service, cpu), service.percent, service.within);
  known.set(key, tasks);
  return tasks;
};

const needs = new WeakMap<TrueService, Map<string, number>>();

/** USD of one on-demand and one Spot task in an hour, without its address. */
export const taskPrice = (service: TrueService, way: ServiceWay): { readonly full: number; readonly spot: number } => {
  const of = taskPrices[service.region][way.architecture];
  const [vcpu, gib] = [way.cpu / 1024, way.memoryMiB / 1024];
  return { full: vcpu * of.vcpu + gib * of.gib, spot: vcpu * of.spotVcpu + gib * of.spotGib };
};

export const instancePrice = (instance: TrueInstance, way: InstanceWay): number | undefined => {
  const large = largePrices[`${instance.kind}/${way.engine}/${way.family}`];
  const step = sizeSteps[way.size];
  return large === undefined || step === undefined ? undefined : large * step * (instance.multiAz ? 2 : 1);
};

/** The bill of each hour from `fromHour` on, from raw usage: what each resource takes, and then what plans cover of it. */
export const billed = (account: TrueAccount, ways: Ways, weeks: number, fromHour: number): number => {
  const hours = weeks * weekHours;
  const open = new Map<string, number[]>();
  const rows = (key: string): number[] => {
    const known = open.get(key) ?? new Array<number>(hours).fill(0);
    open.set(key, known);
    return known;
  };
  let sum = 0;
  account.services.forEach((service, i) => {
    const way = ways.services[i];
    if (way === undefined) return;
    const { full, spot } = taskPrice(service, way);
    const counts = tasksBy(service, way, jobsOf(account, i, weeks));
    const row = rows(`fargate/${service.region}/${way.architecture}`);
    for (let h = fromHour; h < hours; h++) {
      const tasks = counts[h] as number;
      const onDemand = Math.min(way.base, tasks);
      row[h] = (row[h] as number) + onDemand * full;
      sum += (tasks - onDemand) * spot + (service.address ? tasks * addressPrice : 0);
    }
  });
  account.databases.forEach((instance, i) => {
    const way = ways.databases[i];
    const price = way && instancePrice(instance, way);
    if (way === undefined || price === undefined) return;
    const row = rows(coverKey(instance, way));
    for (let h = fromHour; h < hours; h++) if (way.runsAt(h % weekHours)) row[h] = (row[h] as number) + price;
  });
  const plans = [...heldBy(account), ...ways.bought];
  for (let h = fromHour; h < hours; h++) sum += settleHour(open, plans, h);
  return sum;
};

export const heldBy = ({ heldFee }: TrueAccount): readonly PlanBought[] =>
  heldFee > 0 ? [{ kind: 'computeSavingsPlan', fee: heldFee }] : [];

/** Specific plans first; each covers first what it makes cheapest. */
const settleHour = (open: ReadonlyMap<string, number[]>, bought: readonly PlanBought[], h: number): number => {
  const left = new Map([...open].map(([key, row]) => [key, row[h] as number]));
  let usd = 0;
  for (const plan of [...bought].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))) {
    let fee = plan.fee;
    usd += fee;
    const targets = [...left.keys()]
      .map((key) => ({ key, ratio: planRatio(plan.kind, plan.covers, key) }))
      .filter(({ ratio }) => ratio < 1)
      .sort((a, b) => a.ratio - b.ratio);
    for (const { key, ratio } of targets) {
      const used = Math.min(fee, (left.get(key) as number) * ratio);
      fee -= used;
      left.set(key, (left.get(key) as number) - used / ratio);
    }
  }
  for (const rest of left.values()) usd += rest;
  return usd;
};

export const order = ['reservation', 'ec2SavingsPlan', 'databaseSavingsPlan', 'computeSavingsPlan'];

/** 1: covers nothing of it. */
export const planRatio = (kind: string, covers: string | undefined, key: string): number => {
  if (covers !== undefined && covers !== key) return 1;
  if (kind === 'computeSavingsPlan')
    return key.startsWith('fargate/') ? discounts.fargatePlan : key.startsWith('ec2/') ? discounts.ec2Plan : 1;
  if (kind === 'databaseSavingsPlan') return key.endsWith('/m7g') ? discounts.databasePlanGen7 : 1;
  if (kind !== 'reservation') return 1;
  if (key.startsWith('ec2/')) return discounts.ec2Reservation;
  if (key.startsWith('rds/')) return discounts.rdsReservation;
  return key.startsWith('elasticache/') ? discounts.cacheReservation : 1;
};

export const coverKey = (instance: TrueInstance, way: InstanceWay): string => {
  const family = way.family.split('.').at(-1) ?? way.family;
  return instance.kind === 'ec2' ? `ec2/us-east-1/${family}` : `${instance.kind}/us-east-1/${way.engine}/${family}`;
};

/** Share of jobs that start in time when all Spot tasks vanish at the start of the busiest hour, event by event. */
export const attainedWithReclaim = (
  service: TrueService,
  way: ServiceWay,
  jobs: readonly number[],
  seed: number,
): number => {
  const counts = tasksBy(service, way, jobs);
  const busiest = jobs.indexOf(Math.max(...jobs));
  const roll = dice(seed);
  const seconds = secondsOn(service, way.cpu);
  let late = 0;
  let total = 0;
  let free: number[] = [];
  for (let h = 0; h < jobs.length; h++) {
    const tasks = counts[h] as number;
    const start = h * 3600;
    // A scaler that sees the hour coming: tasks are there when it begins, and idle ones go when it ends.
    free = [...free.filter((at) => at > start).sort((a, b) => b - a)];
    while (free.length < tasks) free.push(start);
    free.length = Math.min(free.length, Math.max(tasks, free.filter((at) => at > start).length));
    if (h === busiest && way.base < tasks) {
      const kept = Math.ceil(way.base);
      free = free.map((at, i) => (i < kept ? at : Math.max(at, start + service.startP95)));
    }
    const count = jobs[h] as number;
    const arrivals = Array.from({ length: count }, () => start + roll() * 3600).sort((a, b) => a - b);
    for (const at of arrivals) {
      let first = 0;
      for (let i = 1; i < free.length; i++) if ((free[i] as number) < (free[first] as number)) first = i;
      const begins = Math.max(at, free[first] ?? Number.POSITIVE_INFINITY);
      if (begins - at > service.within) late++;
      total++;
      free[first] = begins - seconds * Math.log(1 - roll());
    }
  }
  return total === 0 ? 1 : 1 - late / total;
};
