import { vcpuLimit } from '../model/limits.ts';
import type { Calendar, Fallback, QueuePlan, ScheduleWindow, ServicePlan } from '../model/plan.ts';
import type { Policy } from '../model/policy.ts';
import { alertSettings } from './alert-plan.ts';
import { behaviorPlan } from './behavior-plan.ts';
import { minuteOfDay } from './clock-time.ts';
import { parseDuration } from './duration.ts';
import { queueNameIn } from './existing.ts';
import { completeSize } from './fargate-sizes.ts';
import { publicHolidays } from './holidays.ts';
import { parseMoment } from './moment.ts';
import { policyPlan } from './policy-plan.ts';
import type { CheckedBehavior } from './schema/behavior-schema.ts';
import type { CheckedConfig } from './schema/config-schema.ts';
import type { CheckedService } from './schema/service-schema.ts';
import type { CheckedWindow } from './schema/window-schema.ts';
import { albPlan, signalSources } from './signal-sources.ts';

/** A checked config → one plan for each service, in the order of the config. `holidayYears`: whose public holidays the plans know. */
export const servicePlans = (config: CheckedConfig, holidayYears: readonly number[]): readonly ServicePlan[] =>
  Object.entries(config.services).map(([name, service]) => servicePlan(name, service, config, holidayYears));

const servicePlan = (
  name: string,
  service: CheckedService,
  config: CheckedConfig,
  holidayYears: readonly number[],
): ServicePlan => {
  const calendar = calendarOf(service, config, holidayYears);
  const queues = queuesOf(name, service);
  const tasks = {
    min: service.tasks.min ?? Math.min(queues.length > 0 ? 0 : 1, service.tasks.max),
    max: service.tasks.max,
  };
  const policy: Policy = service.policy ? policyPlan(service.policy) : usualPolicy(queues);
  const { concurrency, stopTimeoutSeconds, architecture } = service.worker;
  const alerts = alertSettings(service, config);
  return {
    service: name,
    mode: service.mode,
    tickSeconds: config.tickSeconds,
    queues,
    worker: { ...completeSize(service.worker), concurrency, stopTimeoutSeconds, architecture },
    tasks,
    priority: service.priority,
    policy,
    behavior: behaviorPlan(service.behavior, policy),
    calendar,
    schedule: service.schedule.map((window, index) => windowPlan(window, index, service.behavior)),
    uses: service.uses,
    ...limitsOf(service, config),
    ...(service.budget && { budget: service.budget }),
    ...(config.budget && { sharedBudget: config.budget }),
    ...(service.flaps && { flapsPerHour: service.flaps.perHour }),
    ...(service.fallback && { fallback: fallbackPlan(service.fallback, tasks) }),
    ...(Object.keys(service.signals).length > 0 && { signals: signalSources(service.signals) }),
    ...(service.alb && { alb: albPlan(service.alb) }),
    ...(service.remediation && { remediation: service.remediation }),
    ...(alerts && { alerts }),
    ...(service.priors && { priors: service.priors }),
    ...(service.existing && { reports: false as const }),
    ...applyRules(service, config, tasks.min),
    ...(service.worker.size?.auto && { autoSize: { min: service.worker.size.min, max: service.worker.size.max } }),
    events: service.events.map(({ at, for: length, ...load }) => ({
      at: parseMoment(at, calendar.timeZone) ?? 0,
      forSeconds: parseDuration(length) ?? 0,
      ...load,
    })),
  };
};

/** A service's own list stands for the report's. */
const applyRules = (service: CheckedService, { report }: CheckedConfig, min: number): Pick<ServicePlan, 'apply'> => {
  const changes = service.apply ?? report?.apply ?? [];
  if (report === undefined || changes.length === 0) return {};
  const downTo = Math.min(min, service.tasks.appliedMin ?? min);
  return { apply: { schedule: changes.includes('schedule'), minMax: changes.includes('minMax'), downTo } };
};

/** `vcpu` is the account's quota: every Fargate task takes its size of it, whether the service says so or not. */
const limitsOf = (service: CheckedService, config: CheckedConfig): Pick<ServicePlan, 'limits'> => {
  const shared = Object.entries(config.limits).filter(([name]) => name in service.uses || name === vcpuLimit);
  if (shared.length === 0) return {};
  return { limits: Object.fromEntries(shared.map(([name, { total }]) => [name, total])) };
};

const usualPolicy = (queues: readonly QueuePlan[]): Policy =>
  queues.length > 0
    ? { type: 'slo' }
    : { type: 'targetTracking', signals: [{ signal: 'cpu', target: 60 }], tolerance: 0.1 };

/** The queues of a service with their promises. `queue: false`: none. */
export const queuesOf = (name: string, service: CheckedService): readonly QueuePlan[] => {
  if (service.queue === false) return [];
  const promise = service.slo ?? { percent: 99, startWithinSeconds: 60 };
  const classes: NonNullable<CheckedService['queues']> = service.queues ?? [service.queue ?? {}];
  return classes.map((queue) => {
    const own = queueNameIn(queue, name);
    const isFifo = [own, queue.arn, queue.url].some((word) => word?.endsWith('.fifo'));
    return { name: own, ...(queue.slo ?? promise), fifo: queue.fifo ?? isFifo };
  });
};

const calendarOf = (service: CheckedService, config: CheckedConfig, years: readonly number[]): Calendar => {
  const { country, state, region, dates = [] } = service.holidays ?? config.holidays ?? {};
  const place = country === undefined ? undefined : { country, ...(state && { state }), ...(region && { region }) };
  const holidays = [...(place ? publicHolidays(place, years) : []), ...dates];
  return {
    timeZone: service.timeZone ?? config.timeZone,
    holidays: [...new Set(holidays)].sort(),
    ...(place && { place }),
  };
};

const windowPlan = (window: CheckedWindow, index: number, behavior: CheckedBehavior): ScheduleWindow => {
  const policy = window.policy && policyPlan(window.policy);
  const timed = window.from !== undefined || window.to !== undefined;
  return {
    name: window.name ?? `window ${index + 1}`,
    days: window.days ?? 'every',
    ...(window.dates && { dates: window.dates }),
    ...(timed && {
      fromMinute: minuteOfDay(window.from ?? '00:00') ?? 0,
      toMinute: minuteOfDay(window.to ?? '24:00') ?? 1440,
    }),
    ...(window.tasks && { tasks: window.tasks }),
    ...(policy && { policy, behavior: behaviorPlan(behavior, policy) }),
    ...(window.worker && { size: window.worker }),
  };
};

const fallbackPlan = (
  given: NonNullable<CheckedService['fallback']>,
  tasks: { readonly min: number; readonly max: number },
): Fallback => ({
  afterSeconds: given.afterMinutes * 60,
  count: given.count,
  ...(given.count === 'currentIfHigher' && { than: given.than ?? tasks.min }),
  ...(given.count === 'currentIfLower' && { than: given.than ?? tasks.max }),
});
