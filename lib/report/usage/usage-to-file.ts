import type { EpochSeconds } from '../../model/units.ts';
import type { FargateUsage, InstanceUsage, Series, Usage } from './usage.ts';
import { instanceColumns, serviceColumns } from './usage-file-schema.ts';

/** `Usage` as a usage file: `readUsage` of it gives the same again, so anybody can replay a report. */
export const usageToFile = (usage: Usage): unknown => {
  const { from, hours, services, instances, commitments, ...rest } = usage;
  return {
    version: 1,
    ...rest,
    from: instant(from),
    to: instant(from + hours * 3600),
    services: services.map((service) => serviceToFile(service, from)),
    instances: instances.map((instance) => instanceToFile(instance, from)),
    commitments: commitments.map((held) => ({ ...held, until: new Date(held.until * 1000).toISOString() })),
  };
};

const serviceToFile = ({ size, bounds, hourly, sizeSince, ...service }: FargateUsage, from: EpochSeconds): unknown => ({
  ...service,
  ...sinceToFile(sizeSince),
  ...size,
  tasks: bounds,
  hourly: toTable(hourly, serviceColumns, from),
});

const instanceToFile = ({ hourly, sizeSince, ...instance }: InstanceUsage, from: EpochSeconds): unknown => ({
  ...instance,
  ...sinceToFile(sizeSince),
  hourly: toTable(hourly, instanceColumns, from),
});

const sinceToFile = (sizeSince: EpochSeconds | undefined): object =>
  sizeSince === undefined ? {} : { sizeSince: new Date(sizeSince * 1000).toISOString() };

const toTable = <Column extends string>(
  hourly: { readonly [C in Column]?: Series },
  columns: readonly Column[],
  from: EpochSeconds,
): { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number | null)[])[] } => {
  const known = columns.filter((column) => hourly[column] !== undefined);
  const hours = Math.max(0, ...known.map((column) => hourly[column]?.length ?? 0));
  return {
    columns: ['at', ...known],
    rows: Array.from({ length: hours }, (_, h) => [
      instant(from + h * 3600),
      ...known.map((column) => hourly[column]?.[h] ?? null),
    ]),
  };
};

/** `2026-08-17T00:00Z` */
const instant = (at: EpochSeconds): string => `${new Date(at * 1000).toISOString().slice(0, 16)}Z`;
