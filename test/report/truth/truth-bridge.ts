import type { Plan } from '../../../lib/report/plan/make-plan.ts';
import { defaultPlanSettings, type PlanSettings } from '../../../lib/report/plan/plan-settings.ts';
import type { PriceBook } from '../../../lib/report/prices/price-book.ts';
import { type InstanceWay, type PlanBought, type ServiceWay, todaysWays, type Ways } from './billing-engine.ts';
import { addressPrice, discounts, largePrices, sizeSteps, type TruthArchitecture, taskPrices } from './price-table.ts';
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
