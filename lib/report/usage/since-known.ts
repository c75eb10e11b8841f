import type { FargateUsage, InstanceUsage, Series, Usage } from './usage.ts';

/**
 * The window from its first day of which anything is known: a stage that is a week old has a week of history, not nine.
 * Cut by whole days, so that hours of the day and of the week stay where they are.
 */
export const sinceKnown = (usage: Usage): Usage => {
  const all = [
    ...usage.services.map(({ hourly }) => hourly.tasks),
    ...usage.instances.map(({ hourly }) => hourly.running),
  ];
  const first = Math.min(...all.map(firstKnown));
  const cut = Number.isFinite(first) ? Math.floor(first / 24) * 24 : 0;
  if (cut === 0) return usage;
  const hours = usage.hours - cut;
  return {
    ...usage,
    from: usage.from + cut * 3600,
    hours,
    services: usage.services.map((service) => cutService(service, cut, hours)),
    instances: usage.instances.map(
      (instance): InstanceUsage => ({ ...instance, hourly: cutAll(instance.hourly, cut) }),
    ),
    orphans: usage.orphans.map((orphan) => ({ ...orphan, idleHours: Math.min(orphan.idleHours, hours) })),
  };
};

const firstKnown = (series: Series): number => {
  const first = series.findIndex((value) => value !== null);
  return first < 0 ? Number.POSITIVE_INFINITY : first;
};

const cutService = (service: FargateUsage, cut: number, hours: number): FargateUsage => ({
  ...service,
  hourly: cutAll(service.hourly, cut),
  ...(service.arrivalsByMinute === undefined ? {} : { arrivalsByMinute: service.arrivalsByMinute.slice(-hours * 60) }),
});

const cutAll = <Hourly extends object>(hourly: Hourly, cut: number): Hourly =>
  Object.fromEntries(Object.entries(hourly).map(([name, series]) => [name, (series as Series).slice(cut)])) as Hourly;
