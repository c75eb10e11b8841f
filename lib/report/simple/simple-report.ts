import type { Usd } from '../../model/units.ts';
import { cents, hoursPerMonth } from '../plan/bill.ts';
import { type LocalHours, localHours } from '../plan/policies/local-hours.ts';
import { known, sumOf } from '../plan/series.ts';
import { halfSize } from '../plan/sizes/instance-classes.ts';
import { instanceKey, type PriceBook, taskUsdPerHour } from '../prices/price-book.ts';
import type { FargateUsage, InstanceUsage, PaymentOption, Series, Usage } from '../usage/usage.ts';
import { forecastOf } from '../weekly/demand.ts';
import { type SimpleAdvice, type SimpleFacts, simpleAdvice } from './simple-rules.ts';

export interface SimpleReport {
  readonly mode: 'simple';
  readonly usdPerMonth: Usd;
  readonly savingUsdPerMonth: Usd;
  readonly resources: readonly SimpleResource[];
  readonly unpriced: readonly string[];
}

export interface SimpleResource {
  readonly resource: string;
  readonly usdPerMonth: Usd;
  readonly advice: readonly SimpleAdvice[];
}

/** The rules of the reference systems over the last seven days: no promise, no residual, no proof. The plan is the better answer. */
export const simpleReport = (usage: Usage, book: PriceBook, payment: PaymentOption = 'none'): SimpleReport => {
  const local = localHours(usage);
  const facts = [
    ...usage.services.map((service) => [service.label ?? service.name, serviceFacts(service, book, local)] as const),
    ...usage.instances.map(
      (instance) => [instance.label ?? instance.id, instanceFacts(instance, book, local)] as const,
    ),
  ];
  const resources = facts.flatMap(([resource, of]): readonly SimpleResource[] =>
    of === undefined ? [] : [{ resource, usdPerMonth: cents(of.usdPerMonth), advice: simpleAdvice(of, payment) }],
  );
  const savings = resources.flatMap(({ advice }) => advice.map(({ usdPerMonth }) => usdPerMonth));
  return {
    mode: 'simple',
    usdPerMonth: cents(resources.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0)),
    savingUsdPerMonth: cents(savings.reduce((sum, usd) => sum + usd, 0)),
    resources,
    unpriced: facts.flatMap(([resource, of]) => (of === undefined ? [resource] : [])),
  };
};

const week = 168;
const lastWeek = (series: Series | undefined): Series => (series ?? []).slice(-week);

const serviceFacts = (service: FargateUsage, book: PriceBook, local: LocalHours): SimpleFacts | undefined => {
  const { hourly, region, architecture, size, interruptible } = service;
  const tasks = lastWeek(hourly.tasks);
  const meanTasks = tasks.length === 0 ? 0 : sumOf(tasks) / tasks.length;
  const usdOfSize = (of: typeof size): Usd | undefined => {
    const usd = taskUsdPerHour(book, region, architecture, of, 'onDemand');
    return usd === undefined ? undefined : usd * meanTasks * hoursPerMonth;
  };
  const usdPerMonth = usdOfSize(size);
  if (usdPerMonth === undefined) return undefined;
  return {
    cpuPercent: known(lastWeek(hourly.cpuMeanPercent)),
    memoryPercent: known(lastWeek(hourly.memoryMaxPercent)),
    size,
    usdPerMonth,
    usdOfSize,
    ...forecast(hourly.cpuMeanPercent),
    spot: interruptible && service.spotShare === 0,
    offHours: idleOffHours(hourly.jobs, hourly.tasks, local),
    reservable: false,
  };
};

const instanceFacts = (instance: InstanceUsage, book: PriceBook, local: LocalHours): SimpleFacts | undefined => {
  const { kind, region, engine, type, multiAz, nodes, hourly } = instance;
  const running = lastWeek(hourly.running);
  const hours = running.length === 0 ? 0 : (sumOf(running) / running.length) * hoursPerMonth;
  const usdOf = (of: string | undefined): Usd | undefined => {
    const price = of === undefined ? undefined : book.instances[instanceKey(kind, region, engine, of, multiAz)];
    return price === undefined ? undefined : price * nodes * hours;
  };
  const usdPerMonth = usdOf(type);
  if (usdPerMonth === undefined) return undefined;
  const smallerUsdPerMonth = usdOf(halfSize(type));
  return {
    cpuPercent: known(lastWeek(hourly.cpuMeanPercent ?? hourly.cpuP99Percent)),
    memoryPercent: known(lastWeek(hourly.memoryMaxPercent)),
    usdPerMonth,
    ...(smallerUsdPerMonth === undefined ? {} : { smallerUsdPerMonth }),
    ...forecast(hourly.cpuMeanPercent),
    spot: false,
    // A cache cannot be stopped.
    offHours: kind !== 'elasticache' && idleOffHours(hourly.connections, hourly.running, local),
    reservable: true,
  };
};

const forecast = (cpu: Series | undefined): { readonly forecastCpuPercent?: number } => {
  const next = forecastOf(cpu ?? []);
  return next === undefined ? {} : { forecastCpuPercent: next.nextHour.expected };
};

/** Nothing to do in the last week between 20:00 and 06:00 and on days off, and yet it ran. */
const idleOffHours = (use: Series | undefined, running: Series, { hourOfDay, restDay }: LocalHours): boolean => {
  if (use === undefined) return false;
  const first = Math.max(0, running.length - week);
  let ran = false;
  for (let h = first; h < running.length; h++) {
    const off = restDay[h] === 1 || (hourOfDay[h] as number) < 6 || (hourOfDay[h] as number) >= 20;
    if (!off) continue;
    if (use[h] !== 0) return false;
    ran ||= (running[h] ?? 0) > 0;
  }
  return ran;
};
