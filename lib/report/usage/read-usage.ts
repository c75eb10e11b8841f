import { inputIssues, type Path, type PlacedIssue, place } from '../../config/input-issues.ts';
import { BadInput, type InputIssue } from '../../model/bad-input.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { hourlySeries, readTimes, type Table } from './hourly-table.ts';
import { instantOf } from './instant-of.ts';
import type { FargateUsage, InstanceUsage, Series, Usage } from './usage.ts';
import { type UsageFile, usageFileSchema } from './usage-file-schema.ts';

export type ReadUsage =
  | { readonly ok: true; readonly usage: Usage }
  | { readonly ok: false; readonly issues: readonly InputIssue[] };

/** Checks a usage file and turns it into `Usage`. All faults are told at once, each with its path. */
export const readUsage = (input: unknown): ReadUsage => {
  const parsed = usageFileSchema.safeParse(input);
  if (!parsed.success) {
    return { ok: false, issues: inputIssues(parsed.error.issues, input).map(({ issue }) => asUsage(issue)) };
  }
  const file = parsed.data;
  const times = readTimes(file);
  if (!times.ok) return { ok: false, issues: times.issues.map(({ issue }) => issue) };
  const issues: PlacedIssue[] = [...duplicateNames(file)];
  const series = (path: Path, table: Table): Record<string, Series> => {
    const read = hourlySeries(path, table, times);
    issues.push(...read.issues);
    return read.series;
  };
  const services = file.services.map((service, i) =>
    toService(service, series(['services', i, 'hourly'], service.hourly)),
  );
  const instances = file.instances.map((instance, i) =>
    toInstance(instance, series(['instances', i, 'hourly'], instance.hourly)),
  );
  issues.push(...arrivalIssues(file, times.hours), ...countIssues(services, instances));
  if (issues.length > 0) return { ok: false, issues: issues.map(({ issue }) => issue) };
  return {
    ok: true,
    usage: {
      currency: 'USD',
      timeZone: file.timeZone,
      holidays: file.holidays,
      from: times.from,
      hours: times.hours,
      services,
      instances,
      orphans: file.orphans,
      commitments: times.commitments,
      bill: file.bill.map(({ service, usd }) => ({ service, usd })),
      ...(file.ownUsdPerMonth === undefined ? {} : { ownUsdPerMonth: file.ownUsdPerMonth }),
      unavailable: file.unavailable,
    },
  };
};

/** @throws BadInput */
export const usageFrom = (input: unknown): Usage => {
  const read = readUsage(input);
  if (!read.ok) throw new BadInput(read.issues);
  return read.usage;
};

const asUsage = (issue: InputIssue): InputIssue => ({
  ...issue,
  path: issue.path === 'config' ? 'usage' : issue.path,
  mend: issue.mend.replace('docs/configuration.md', 'docs/usage.schema.json'),
});

const toService = (
  { cpu, memoryMiB, tasks, sizeSince, hourly: _, ...service }: UsageFile['services'][number],
  series: Readonly<Record<string, Series>>,
): FargateUsage => ({
  ...service,
  ...sinceOf(sizeSince),
  size: { cpu, memoryMiB },
  bounds: tasks,
  hourly: { ...series, tasks: series.tasks ?? [] },
});

const toInstance = (
  { hourly: _, sizeSince, ...instance }: UsageFile['instances'][number],
  series: Readonly<Record<string, Series>>,
): InstanceUsage => ({
  ...instance,
  ...sinceOf(sizeSince),
  hourly: { ...series, running: series.running ?? [] },
});

const sinceOf = (text: string | undefined): { readonly sizeSince?: EpochSeconds } => {
  const sizeSince = text === undefined ? undefined : instantOf(text);
  return sizeSince === undefined ? {} : { sizeSince };
};

const duplicateNames = (file: UsageFile): readonly PlacedIssue[] => {
  const seen = new Set<string>();
  const named: readonly (readonly [path: Path, name: string])[] = [
    ...file.services.map(
      ({ name, label }, i) => [['services', i, label === undefined ? 'name' : 'label'], label ?? name] as const,
    ),
    ...file.instances.map(
      ({ id, label }, i) => [['instances', i, label === undefined ? 'id' : 'label'], label ?? id] as const,
    ),
    ...file.orphans.map(({ id }, i) => [['orphans', i, 'id'], id] as const),
  ];
  return named.flatMap(([path, name]) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [place(path, `"${name}" a second time`, 'each name once', 'Remove one, or tell them apart by name.')];
  });
};

const arrivalIssues = (file: UsageFile, hours: number): readonly PlacedIssue[] =>
  file.services.flatMap(({ arrivalsByMinute }, i) =>
    arrivalsByMinute !== undefined && arrivalsByMinute.length > hours * 60
      ? [
          place(
            ['services', i, 'arrivalsByMinute'],
            `${arrivalsByMinute.length} minutes`,
            `at most the ${hours * 60} of the file`,
            'Cut it to the minutes that end at `to`.',
          ),
        ]
      : [],
  );

/** Series whose values contradict each other: more late jobs than jobs, shares above one. */
const countIssues = (
  services: readonly FargateUsage[],
  instances: readonly InstanceUsage[],
): readonly PlacedIssue[] => [
  ...services.flatMap(({ hourly }, i) => {
    const at =
      hourly.late?.findIndex((late, h) => late !== null && late > (hourly.jobs?.[h] ?? Number.POSITIVE_INFINITY)) ?? -1;
    return at < 0
      ? []
      : [
          place(
            ['services', i, 'hourly', 'rows', at],
            `${hourly.late?.[at]} late of ${hourly.jobs?.[at]} jobs`,
            'no more late jobs than jobs',
            'Count a job in the hour in which it started, in both columns.',
          ),
        ];
  }),
  ...instances.flatMap(({ hourly }, i) => {
    const at = hourly.running.findIndex((share) => share !== null && share > 1);
    return at < 0
      ? []
      : [
          place(
            ['instances', i, 'hourly', 'rows', at],
            `running ${hourly.running[at]}`,
            'the share of the hour that it ran, from 0 to 1',
            'Use `nodes` for more than one node.',
          ),
        ];
  }),
];
