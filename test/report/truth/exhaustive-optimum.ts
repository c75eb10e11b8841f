import {
  billed,
  coverKey,
  heldBy,
  type InstanceWay,
  instancePrice,
  jobsOf,
  needed,
  type PlanBought,
  planRatio,
  type ServiceWay,
  taskPrice,
  tasksBy,
  todaysWays,
  type Ways,
} from './billing-engine.ts';
import { addressPrice, memoriesOf, sizeSteps, taskShapes } from './price-table.ts';
import {
  hourOfDay,
  isWeekendHour,
  type TrueAccount,
  type TrueInstance,
  type TrueService,
  weekHours,
} from './true-account.ts';

/**
 * The cheapest way to run an account among all that respect what a careful person would not give up: a smaller CPU by one
 * step at most and no busier than 80 %, memory 15 % above its peak, minimums that no week would have missed, two tasks on
 * demand and as many as survive the loss of Spot, one smaller class with room in it. By trying them all.
 */
export const optimum = (account: TrueAccount, weeks: number, fromHour: number): Ways => {
  const fleets = account.services.map((service, i) => {
    const jobs = jobsOf(account, i, weeks);
    // What is bound to a plan already may be cheaper without Spot.
    return [true, false].map((spot) => bestService(service, jobs, spot));
  });
  let best: { readonly ways: Ways; readonly usd: number } | undefined;
  for (const services of combinations(fleets)) {
    for (const databases of combinations(account.databases.map(waysOf))) {
      const without: Ways = { services, databases, bought: [] };
      const bought = bestPlans(account, without, weeks, fromHour);
      const usd = billed(account, { ...without, bought }, weeks, fromHour);
      if (best === undefined || usd < best.usd) best = { ways: { ...without, bought }, usd };
    }
  }
  return best?.ways ?? todaysWays(account);
};

const bestService = (service: TrueService, jobs: readonly number[], spot: boolean): ServiceWay => {
  const today: ServiceWay = {
    cpu: service.cpu,
    memoryMiB: service.memoryMiB,
    architecture: service.architecture,
    minAt: () => service.min,
    base: Number.POSITIVE_INFINITY,
  };
  let best = { way: today, usd: costOf(service, today, tasksBy(service, today, jobs)) };
  for (const cpu of cpusOf(service)) {
    const need = jobs.map((count) => needed(service, cpu, count));
    for (const minAt of [today.minAt, ...minimumsOf(service, need)]) {
      const counts = need.map((tasks, h) => Math.min(service.max, Math.max(tasks, minAt(h % weekHours))));
      for (const memoryMiB of memoriesOf(cpu)) {
        if (memoryMiB < service.memoryPeakMiB * 1.15) continue;
        for (const architecture of service.bothArchitectures ? (['x86', 'arm64'] as const) : [service.architecture]) {
          for (const base of spot && service.interruptible
            ? [basesOf(service, need), Number.POSITIVE_INFINITY]
            : [today.base]) {
            const way: ServiceWay = { cpu, memoryMiB, architecture, minAt, base };
            const usd = costOf(service, way, counts);
            if (usd < best.usd - 1e-9) best = { way, usd };
          }
        }
        break;
      }
    }
  }
  return best.way;
};

const costOf = (service: TrueService, way: ServiceWay, counts: readonly number[]): number => {
  const { full, spot } = taskPrice(service, way);
  let usd = 0;
  for (const tasks of counts) {
    const onDemand = Math.min(way.base, tasks);
    usd += onDemand * full + (tasks - onDemand) * spot + (service.address ? tasks * addressPrice : 0);
  }
  return usd;
};

const cpusOf = (service: TrueService): readonly number[] => {
  const all = taskShapes.map(([cpu]) => cpu);
  const smaller = all[all.indexOf(service.cpu) - 1];
  const fits = smaller !== undefined && (service.computing * service.cpu) / smaller <= 0.8;
  return fits ? [service.cpu, smaller] : [service.cpu];
};

/** Every stretch of the working day, each window at the least that no hour in it would have missed. */
const minimumsOf = (service: TrueService, need: readonly number[]): readonly ((hourOfWeek: number) => number)[] => {
  const most = (isIn: (h: number) => boolean): number =>
    need.reduce((max, tasks, h) => (isIn(h % weekHours) ? Math.max(max, Math.min(service.min, tasks)) : max), 0);
  if (service.min === 0) return [];
  const rest = most(isWeekendHour);
  const byHour = Array.from({ length: 24 }, (_, hour) => most((h) => !isWeekendHour(h) && hourOfDay(h) === hour));
  const all = new Map<string, (hourOfWeek: number) => number>();
  for (let from = 0; from < 24; from++) {
    for (let until = from + 1; until <= 24; until++) {
      const inside = Math.max(...byHour.slice(from, until));
      const outside = Math.max(0, ...byHour.slice(0, from), ...byHour.slice(until));
      const key = inside === outside ? `${inside}` : `${from} ${until} ${inside} ${outside}`;
      all.set(key, (h) => (isWeekendHour(h) ? rest : hourOfDay(h) >= from && hourOfDay(h) < until ? inside : outside));
    }
  }
  return [...all.values()];
};

/** Base on demand: what it leaves waiting while replacements start, half as long again as usual, starts in time after all. */
const basesOf = (service: TrueService, need: readonly number[]): number => {
  const outage = 1.5 * service.startP95;
  const share = Math.max(0, 1 - service.within / outage);
  return Math.max(2, ...need.map((tasks) => Math.ceil(tasks * share)));
};

const waysOf = (instance: TrueInstance): readonly InstanceWay[] => {
  const sizes = Object.keys(sizeSteps);
  const smaller = sizes[sizes.indexOf(instance.size) - 1];
  // The same machine at half the price: nothing speaks for the larger one.
  const size = smaller !== undefined && fitsHalf(instance) ? smaller : instance.size;
  const types = [
    { engine: instance.engine, family: instance.family },
    ...(instance.engine === 'redis' ? [{ engine: 'valkey', family: instance.family }] : []),
    ...(instance.family === 'db.m5' ? [{ engine: 'mysql', family: 'db.m6g' }] : []),
  ];
  const used = (h: number): boolean => instance.used[h] === true;
  const startsBefore = (h: number): boolean => used(h) || (hourOfDay(h) < 23 && used((h + 1) % weekHours));
  const times = instance.kind === 'elasticache' ? [() => true] : [() => true, startsBefore];
  return types.flatMap((type) => times.map((runsAt): InstanceWay => ({ ...type, size, runsAt })));
};

const fitsHalf = ({ kind, cpuPeak, memoryShare }: TrueInstance): boolean => {
  if (kind === 'ec2') return 2 * cpuPeak <= 80 && 2 * memoryShare * 1.15 <= 1;
  if (kind === 'rds') return cpuPeak < 40 && 1 - memoryShare > 0.25;
  return cpuPeak < 40 && 2 * memoryShare <= 0.75;
};

/** All levels of every specific plan, and for each the best level of the general ones. */
const bestPlans = (account: TrueAccount, ways: Ways, weeks: number, fromHour: number): readonly PlanBought[] => {
  const usage = leftBy(hourlyByKey(account, ways, weeks, fromHour), heldBy(account));
  const specific = [...usage.keys()].filter((key) => !key.startsWith('fargate/'));
  const levels = specific.map((key) => {
    const ratio = planRatio('reservation', key, key);
    return [0, ...new Set((usage.get(key) ?? []).map((usd) => round(usd * ratio)))].map(
      (fee): PlanBought => ({ kind: 'reservation', covers: key, fee }),
    );
  });
  let best: { readonly bought: readonly PlanBought[]; readonly usd: number } | undefined;
  for (const reserved of combinations(levels)) {
    const database = bestLevel(usage, reserved, 'databaseSavingsPlan');
    const compute = bestLevel(usage, [...reserved, database], 'computeSavingsPlan');
    const bought = [...reserved, database, compute].filter(({ fee }) => fee > 0);
    const usd = costWith(usage, bought);
    if (best === undefined || usd < best.usd - 1e-9) best = { bought, usd };
  }
  return best?.bought ?? [];
};

/** The bill is convex in the fee, with its bends where the plan just covers all of an hour or all of one kind of it. */
const bestLevel = (usage: Usage, bought: readonly PlanBought[], kind: PlanBought['kind']): PlanBought => {
  const plan = (fee: number): PlanBought => ({ kind, fee });
  const bends = new Set([0]);
  const hours = [...usage.values()][0]?.length ?? 0;
  const keys = [...usage.keys()]
    .map((key) => ({ key, ratio: planRatio(kind, undefined, key) }))
    .filter(({ ratio }) => ratio < 1)
    .sort((a, b) => a.ratio - b.ratio);
  const left = leftBy(usage, bought);
  for (let h = 0; h < hours; h++) {
    let fee = 0;
    for (const { key, ratio } of keys) {
      fee += (left.get(key)?.[h] ?? 0) * ratio;
      bends.add(round(fee));
    }
  }
  const sorted = [...bends].sort((a, b) => a - b);
  const at = (i: number): number => costWith(left, [plan(sorted[i] as number)]);
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (at(middle) <= at(middle + 1) + 1e-12) high = middle;
    else low = middle + 1;
  }
  return plan(sorted[low] as number);
};

type Usage = ReadonlyMap<string, readonly number[]>;

const round = (usd: number): number => Math.round(usd * 1e9) / 1e9;

const hourlyByKey = (account: TrueAccount, ways: Ways, weeks: number, fromHour: number): Usage => {
  const hours = weeks * weekHours;
  const usage = new Map<string, number[]>();
  const add = (key: string, usdAt: (h: number) => number): void => {
    const row = usage.get(key) ?? new Array<number>(hours - fromHour).fill(0);
    for (let h = fromHour; h < hours; h++) row[h - fromHour] = (row[h - fromHour] as number) + usdAt(h);
    usage.set(key, row);
  };
  account.services.forEach((service, i) => {
    const way = ways.services[i];
    if (way === undefined) return;
    const counts = tasksBy(service, way, jobsOf(account, i, weeks));
    const { full } = taskPrice(service, way);
    add(`fargate/${service.region}/${way.architecture}`, (h) => Math.min(way.base, counts[h] as number) * full);
  });
  account.databases.forEach((instance, i) => {
    const way = ways.databases[i];
    const price = way && instancePrice(instance, way);
    if (way !== undefined && price !== undefined)
      add(coverKey(instance, way), (h) => (way.runsAt(h % weekHours) ? price : 0));
  });
  return usage;
};

const leftBy = (usage: Usage, bought: readonly PlanBought[]): Usage => {
  const left = new Map([...usage].map(([key, row]) => [key, [...row]]));
  for (const plan of bought) {
    const hours = [...usage.values()][0]?.length ?? 0;
    const targets = [...left.keys()]
      .map((key) => ({ key, ratio: planRatio(plan.kind, plan.covers, key) }))
      .filter(({ ratio }) => ratio < 1)
      .sort((a, b) => a.ratio - b.ratio);
    for (let h = 0; h < hours; h++) {
      let fee = plan.fee;
      for (const { key, ratio } of targets) {
        const row = left.get(key) as number[];
        const used = Math.min(fee, (row[h] as number) * ratio);
        fee -= used;
        row[h] = (row[h] as number) - used / ratio;
      }
    }
  }
  return left;
};

const costWith = (usage: Usage, bought: readonly PlanBought[]): number => {
  const hours = [...usage.values()][0]?.length ?? 0;
  let usd = bought.reduce((sum, { fee }) => sum + fee * hours, 0);
  for (const row of leftBy(usage, bought).values()) for (const left of row) usd += left;
  return usd;
};

function* combinations<Of>(choices: readonly (readonly Of[])[]): Generator<readonly Of[]> {
  const [first, ...rest] = choices;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const tail of combinations(rest)) for (const head of first) yield [head, ...tail];
}
