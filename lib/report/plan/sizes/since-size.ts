import type { FargateUsage, InstanceUsage, Series, Usage } from '../../usage/usage.ts';

/** Forgets what was measured on another size: half the CPU makes twice the percent of the same work. */
export const sinceSize = (usage: Usage): Usage => ({
  ...usage,
  services: usage.services.map((service) => {
    const first = firstHour(service, usage);
    return first <= 0 ? service : { ...service, hourly: { ...service.hourly, ...blank(service.hourly, first) } };
  }),
  instances: usage.instances.map((instance) => {
    const first = firstHour(instance, usage);
    return first <= 0 ? instance : { ...instance, hourly: { ...instance.hourly, ...blank(instance.hourly, first) } };
  }),
});

const firstHour = ({ sizeSince }: FargateUsage | InstanceUsage, { from, hours }: Usage): number =>
  sizeSince === undefined ? 0 : Math.min(hours, Math.ceil((sizeSince - from) / 3600));

const ofSize = ['cpuMeanPercent', 'cpuP99Percent', 'memoryMaxPercent', 'freeMemoryMinMiB', 'swapMaxMiB'] as const;

type Measured = Partial<Record<(typeof ofSize)[number], Series>>;

const blank = (hourly: Measured, first: number): Measured =>
  Object.fromEntries(
    ofSize.flatMap((column) => {
      const series = hourly[column];
      return series === undefined ? [] : [[column, series.map((value, h) => (h < first ? null : value))]];
    }),
  );
