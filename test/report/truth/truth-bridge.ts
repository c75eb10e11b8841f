import { behaviorPlan } from '../../../lib/config/behavior-plan.ts';
import type { ScheduleWindow } from '../../../lib/model/plan.ts';
import type { Policy } from '../../../lib/model/policy.ts';
import type { Plan } from '../../../lib/report/plan/make-plan.ts';
import { defaultPlanSettings, type PlanSettings } from '../../../lib/report/plan/plan-settings.ts';
import type { PriceBook } from '../../../lib/report/prices/price-book.ts';
import type { FargateUsage, Usage } from '../../../lib/report/usage/usage.ts';
import { planFor } from '../../../lib/simulate/baselines/plan-for.ts';
import { plannedScaler } from '../../../lib/simulate/baselines/planned-scaler.ts';
import { type InstanceWay, type PlanBought, type ServiceWay, todaysWays, type Ways } from './billing-engine.ts';
import { cpuAtWork, type Decider, type Lived } from './job-by-job.ts';
import { addressPrice, discounts, largePrices, sizeSteps, type TruthArchitecture, taskPrices } from './price-table.ts';
import { evenly, minimumAt, type ScaledService, type ScaledWay, type WindowMinimums } from './scaled-service.ts';
import { firstHour } from './shown-usage.ts';
import { hourOfDay, isWeekendHour, type TrueAccount } from './true-account.ts';

// The one place where the truth and the code under test meet: the truth's prices as a book, and a plan as ways of running.

const fargateOf = (architecture: TruthArchitecture, spot: boolean) =>
  Object.fromEntries(
    Object.entries(taskPrices).map(([region, of]) => {
      const { vcpu, gib, spotVcpu, spotGib } = of[architecture];
      return [region, { usdPerVcpuHour: spot ? spotVcpu : vcpu, usdPerGiBHour: spot ? spotGib : gib }];
    }),
  );

export const truthBook: PriceBook = {
  currency: 'USD',
  date: '2026-11-01',
  source: 'made up',
  fargate: { x86: fargateOf('x86', false), arm64: fargateOf('arm64', false) },
  fargateSpot: { x86: fargateOf('x86', true), arm64: fargateOf('arm64', true) },
  instances: Object.fromEntries(
    Object.entries(largePrices).flatMap(([key, large]) => {
      const [kind = '', engine = '', family = ''] = key.split('/');
      return Object.entries(sizeSteps).flatMap(([size, step]) => [
        [`${kind}/us-east-1/${engine}/${family}.${size}`, large * step],
        [`${kind}/us-east-1/${engine}/${family}.${size}/multi-az`, 2 * large * step],
      ]);
    }),
  ),
  offers: [
    {
      kind: 'computeSavingsPlan',
      years: 1,
      payment: 'none',
      ratios: { fargate: discounts.fargatePlan, ec2: discounts.ec2Plan },
    },
    {
      kind: 'reservation',
      years: 1,
      payment: 'none',
      ratios: { ec2: discounts.ec2Reservation, rds: discounts.rdsReservation, elasticache: discounts.cacheReservation },
    },
    {
      kind: 'databaseSavingsPlan',
      years: 1,
      payment: 'none',
      ratios: { 'rds/us-east-1/mysql/m7g': discounts.databasePlanGen7 },
    },
  ],
  ipv4UsdPerHour: addressPrice,
};

/** Every line shown, and a process that is known not to change: nothing held back for the loss of usage. */
export const truthSettings: PlanSettings = {
  ...defaultPlanSettings,
  minorUsdPerMonth: 0,
  minorPercent: 0,
  annualUsageLoss: 0,
  commitMinHistoryDays: 14,
  commitMinUsdPerMonth: 0.01,
  bootstrapSamples: 20,
};

/** The plan, carried out on what there is. */
export const waysOfPlan = (account: TrueAccount, plan: Plan, today: Ways = todaysWays(account)): Ways => {
  const services = new Map(account.services.map(({ name }, i) => [name, today.services[i] as ServiceWay]));
  const databases = new Map(account.databases.map(({ id }, i) => [id, today.databases[i] as InstanceWay]));
  const bought: PlanBought[] = [...today.bought];
  for (const { resource, change } of plan.recommendations) {
    const service = services.get(resource);
    const instance = databases.get(resource);
    if (change.to === 'commitment') {
      const { kind, covers, feeUsdPerHour } = change;
      bought.push({ kind, ...(covers === undefined ? {} : { covers }), fee: feeUsdPerHour });
    } else if (service) services.set(resource, changedService(service, change));
    else if (instance) databases.set(resource, changedInstance(instance, change));
    else throw new Error(`advice for ${resource}, which does not exist`);
  }
  return { services: [...services.values()], databases: [...databases.values()], bought };
};

type Change = Plan['recommendations'][number]['change'];

const changedService = (way: ServiceWay, change: Change): ServiceWay => {
  switch (change.to) {
    case 'size':
      return { ...way, ...change.size };
    case 'architecture':
      return { ...way, architecture: change.architecture };
    case 'minimums': {
      const { from, until, business, offHours, rest } = change;
      const minAt = (h: number): number =>
        isWeekendHour(h) ? rest : hourOfDay(h) >= from && hourOfDay(h) < until ? business : offHours;
      return { ...way, minAt };
    }
    case 'bounds':
      return { ...way, minAt: () => change.min ?? 0 };
    case 'spot':
      return { ...way, base: change.base };
    default:
      throw new Error(`${change.to} of a service`);
  }
};

const changedInstance = (way: InstanceWay, change: Change): InstanceWay => {
  switch (change.to) {
    case 'class': {
      const parts = change.type.split('.');
      return { ...way, engine: change.engine, family: parts.slice(0, -1).join('.'), size: parts.at(-1) ?? '' };
    }
    case 'hours':
      return { ...way, runsAt: (h) => (isWeekendHour(h) ? change.restDay : change.workday)[hourOfDay(h)] === 1 };
    default:
      throw new Error(`${change.to} of an instance that is in use`);
  }
};

/** Production's own code sets the count in the truth's engine. */
export const deciderOf = (service: ScaledService, way: ScaledWay, fromHour: number): Decider => {
  const { percent, within, seconds, startMedian, startP95 } = service;
  const tickSeconds = 30;
  const bounds = { min: Math.min(way.min.business, way.min.offHours, way.min.rest), max: way.max };
  const startEpoch = firstHour + fromHour * 3600;
  const situation = {
    percent,
    startWithinSeconds: within,
    meanServiceSeconds: seconds,
    concurrency: 1,
    bounds,
    initial: bounds.min,
    stopTimeoutSeconds: 120,
    tickSeconds,
    startEpoch,
  };
  const plan = planFor(situation, policyOf(way));
  const scaler = plannedScaler(
    {
      ...plan,
      schedule: windowsOf(way.min),
      unwatched: true,
      // Weeks at work have taught it that.
      priors: { serviceSeconds: seconds, startDelaySeconds: { median: startMedian, p95: startP95 } },
    },
    startEpoch,
  );
  return {
    tickSeconds,
    decide: (seen) =>
      scaler.decide({
        t: seen.t,
        queue: { visible: seen.waiting, inFlight: seen.atWork },
        service: { desired: seen.desired, running: seen.running, pending: seen.pending },
        work: {
          started: seen.started,
          late: seen.late,
          completed: seen.completed,
          busySlotSeconds: seen.busySeconds,
        },
        cpu: seen.cpu,
        minutes: [],
      }),
  };
};

const policyOf = ({ rule }: ScaledWay): Policy =>
  rule.type === 'targetTracking'
    ? { type: 'targetTracking', signals: [{ signal: 'cpu', target: rule.cpu }], tolerance: 0.1 }
    : rule;

const windowsOf = ({ from, until, business, offHours, rest }: WindowMinimums): readonly ScheduleWindow[] => [
  { name: 'business', days: 'weekdays', fromMinute: from * 60, toMinute: until * 60, tasks: { min: business } },
  { name: 'weekend', days: 'weekends', tasks: { min: rest } },
  { name: 'off hours', days: 'every', tasks: { min: offHours } },
];

/** What three weeks like this one show of the service. Its size has nothing to gain: only what scales it is looked at. */
export const scaledUsage = (service: ScaledService, week: Lived): Usage => {
  const { today } = service;
  const weeks = 3;
  const again = (values: readonly number[]): number[] => Array.from({ length: weeks }, () => values).flat();
  const tasks = again(week.taskHours);
  const jobs = again(week.jobs);
  const shown: FargateUsage = {
    name: 'scaled',
    region: 'us-east-1',
    architecture: 'arm64',
    size: { cpu: 256, memoryMiB: 512 },
    spotShare: 0,
    publicIpv4: false,
    slo: { percent: service.percent, startWithinSeconds: service.within },
    bounds: { min: today.min.business, max: today.max },
    ...(today.rule.type === 'slo'
      ? {}
      : { scaling: { by: 'sluice', policy: policyOf(today), behavior: behaviorPlan({}, policyOf(today)) } as const }),
    concurrency: 1,
    // The 99th percentile of a lognormal with a deviation of half its mean.
    serviceSeconds: { mean: service.seconds, p99: 2.69 * service.seconds },
    startSeconds: { median: service.startMedian, p95: service.startP95 },
    interruptible: false,
    multiArch: true,
    hourly: {
      tasks,
      min: tasks.map((_, h) => minimumAt(today.min, h % 168)),
      jobs,
      late: again(week.late),
      cpuMeanPercent: tasks.map((count, h) =>
        count < 0.01 ? null : (100 * cpuAtWork * (jobs[h] as number) * service.seconds) / 3600 / count,
      ),
      cpuP99Percent: tasks.map(() => 100 * cpuAtWork),
      memoryMaxPercent: tasks.map(() => 86),
    },
    arrivalsByMinute: week.byMinute,
  };
  return {
    currency: 'USD',
    timeZone: 'UTC',
    holidays: [],
    from: firstHour,
    hours: weeks * 168,
    services: [shown],
    instances: [],
    orphans: [],
    commitments: [],
    bill: [],
    unavailable: [],
  };
};

/** The plan, carried out. */
export const scaledWayOf = ({ today }: ScaledService, plan: Plan): ScaledWay => {
  let way = today;
  for (const { change } of plan.recommendations) way = changedWay(way, change);
  return way;
};

const changedWay = (way: ScaledWay, change: Change): ScaledWay => {
  switch (change.to) {
    case 'policy':
      return { rule: { type: 'slo' }, min: evenly(change.tasks.min), max: change.tasks.max };
    case 'bounds':
      return { ...way, min: evenly(change.min ?? 0) };
    case 'minimums':
      return { ...way, min: change };
    default:
      throw new Error(`${change.to} of a service with nothing else to gain`);
  }
};
