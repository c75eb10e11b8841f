import { behaviorPlan } from '../../config/behavior-plan.ts';
import { inputIssues, type Path, type PlacedIssue, place } from '../../config/input-issues.ts';
import { policyPlan } from '../../config/policy-plan.ts';
import { BadInput, type InputIssue } from '../../model/bad-input.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { hourlySeries, readTimes, type Table, type Times } from './hourly-table.ts';
import { instantOf } from './instant-of.ts';
import type { FargateUsage, InstanceUsage, Scaling, Series, Usage } from './usage.ts';
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
  const series = (path: Path, table: Table, needed: 'tasks' | 'running'): Record<string, Series> => {
    const read = hourlySeries(path, table, times, needed);
    issues.push(...read.issues);
    return read.series;
  };
  const services = file.services.map((service, i) =>
    toService(service, series(['services', i, 'hourly'], service.hourly, 'tasks')),
  );
  const instances = file.instances.map((instance, i) =>
    toInstance(instance, series(['instances', i, 'hourly'], instance.hourly, 'running')),
  );
  issues.push(...arrivalIssues(file, times.hours), ...sizeTimeIssues(file, times));
  // Of tables that are wrong already, one more word would only confuse.
  if (issues.length === 0) issues.push(...countIssues(services));
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
      orphans: file.orphans.map((orphan) => ({ ...orphan, idleHours: Math.min(orphan.idleHours, times.hours) })),
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
  ...special(issue),
  path: issue.path === 'config' ? 'usage' : issue.path,
});

const special = ({ path, found, mend }: InputIssue): Partial<InputIssue> => {
  if (path === 'version' && found !== 'nothing')
    return { mend: 'Have it written again by this version of Sluice, or read it with the one that wrote it.' };
  if (path !== 'currency' && found === 'the unknown key "currency"')
    return { expected: 'one currency for all of the file', mend: 'Bring all amounts to USD, and remove the key.' };
  return { mend: mend.replace('docs/configuration.md', 'docs/usage.schema.json') };
};

const toService = (
  { cpu, memoryMiB, tasks, sizeSince, scaling, hourly: _, ...service }: UsageFile['services'][number],
  series: Readonly<Record<string, Series>>,
): FargateUsage => ({
  ...service,
  ...sinceOf(sizeSince),
  ...(scaling === undefined ? {} : { scaling: scalingOf(scaling) }),
  size: { cpu, memoryMiB },
  bounds: tasks,
  hourly: { ...series, tasks: series.tasks ?? [] },
});

const scalingOf = (given: NonNullable<UsageFile['services'][number]['scaling']>): Scaling => {
  if (given.by === 'other') return given;
  const policy = policyPlan(given.policy);
  return { by: 'sluice', policy, behavior: behaviorPlan(given.behavior, policy) };
};

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
    ...file.commitments.map(({ id }, i) => [['commitments', i, 'id'], id] as const),
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

/** Series whose values contradict each other: more late jobs than jobs, more tasks on demand than tasks. */
const countIssues = (services: readonly FargateUsage[]): readonly PlacedIssue[] =>
  services.flatMap(({ hourly }, i) => [
    ...firstAbove(hourly.late, hourly.jobs).map((at) =>
      place(
        ['services', i, 'hourly', 'rows', at],
        `${hourly.late?.[at]} late of ${hourly.jobs?.[at]} jobs`,
        'no more late jobs than jobs',
        'Count a job in the hour in which it started, in both columns.',
      ),
    ),
    ...firstAbove(hourly.onDemand, hourly.tasks).map((at) =>
      place(
        ['services', i, 'hourly', 'rows', at],
        `${hourly.onDemand?.[at]} on demand of ${hourly.tasks[at]} tasks`,
        'no more tasks on demand than tasks',
        'Tasks on demand are a part of `tasks`.',
      ),
    ),
  ]);

/** The first hour in which `part` is more than `whole`, where both are known. */
const firstAbove = (part: Series | undefined, whole: Series | undefined): readonly number[] => {
  const at = part?.findIndex((value, h) => value !== null && value > (whole?.[h] ?? Number.POSITIVE_INFINITY) + 1e-9);
  return at === undefined || at < 0 ? [] : [at];
};

/** A size that is given after the window is not the one that was measured in it. */
const sizeTimeIssues = (file: UsageFile, { from, hours }: Times): readonly PlacedIssue[] => {
  const of = (key: 'services' | 'instances'): readonly PlacedIssue[] =>
    file[key].flatMap(({ sizeSince }, i) => {
      const since = sizeSince === undefined ? undefined : instantOf(sizeSince);
      return since === undefined || since <= from + hours * 3600
        ? []
        : [
            place(
              [key, i, 'sizeSince'],
              `"${sizeSince}", after the end of the file`,
              'when it got the size that the file tells',
              'Correct the date, or leave it out.',
            ),
          ];
    });
  return [...of('services'), ...of('instances')];
};
