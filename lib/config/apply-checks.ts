import type { ServicePlan } from '../model/plan.ts';
import { isWithin } from '../schedule/applied-plan.ts';
import { furtherSizes } from './auto-sizes.ts';
import { type Path, type PlacedIssue, place } from './input-issues.ts';
import type { CheckedConfig } from './schema/config-schema.ts';

/** What the weekly report may do by itself must be possible. */
export const applyIssues = (config: CheckedConfig, plan: ServicePlan, path: Path): readonly PlacedIssue[] => [
  ...withoutReport(config, plan, path),
  ...sizeIssues(config, plan, path),
];

/** A CloudFormation stack holds 500 resources; thirty services with their scaler leave about so many. */
const mostSizesInAll = 150;

/** All task definitions of automatic sizes in one config. */
export const tooManySizes = (plans: readonly ServicePlan[]): readonly PlacedIssue[] => {
  const auto = plans.filter(({ autoSize }) => autoSize !== undefined);
  const count = auto.reduce((sum, plan) => sum + furtherSizes(plan).length, 0);
  const last = auto.at(-1);
  if (count <= mostSizesInAll || last === undefined) return [];
  return [
    place(
      ['services', last.service, 'worker', 'size'],
      `the last of automatic sizes that make ${count} further task definitions together`,
      `at most ${mostSizesInAll}: a CloudFormation stack holds 500 resources`,
      'Bring the bounds of "worker.size" together, or leave it to the services that cost most.',
    ),
  ];
};

const sizeIssues = (config: CheckedConfig, plan: ServicePlan, path: Path): readonly PlacedIssue[] => {
  const { autoSize, worker } = plan;
  const at = [...path, 'worker', 'size'];
  if (autoSize === undefined) return [];
  const issue = (found: string, expected: string, mend: string, where: Path = at): readonly PlacedIssue[] => [
    place(where, found, expected, mend),
  ];
  const windows = plan.schedule.findIndex(({ size }) => size !== undefined);
  return [
    ...(config.report === undefined
      ? issue(
          'an automatic size without a weekly report',
          'a "report" at the top, which chooses the size',
          'Add "report": { "email": […] } at the top, or set "auto" to false.',
        )
      : []),
    ...(isWithin(plan, worker)
      ? []
      : issue(
          `cpu ${worker.cpu} with memoryMiB ${worker.memoryMiB} outside its bounds`,
          'bounds around the size that it begins with',
          'Widen the bounds, or change "cpu" and "memoryMiB".',
        )),
    ...(windows >= 0
      ? issue(
          `a size of the window "${plan.schedule[windows]?.name}" beside an automatic size`,
          'one of the two',
          'Remove "worker" from the windows, or set "worker.size.auto" to false.',
          [...path, 'schedule', windows, 'worker'],
        )
      : []),
    ...(plan.queues.length === 0
      ? issue(
          'an automatic size without a queue',
          'a service with a queue',
          'Remove it: without jobs nobody measures whether a size does worse.',
        )
      : []),
    ...(plan.reports === false
      ? issue(
          'an automatic size of a service that is there already',
          'a service that Sluice deploys',
          'Remove it: Sluice has no task definitions of this service to change to.',
        )
      : []),
  ];
};

/** Without one, nothing is ever applied by itself. */
const withoutReport = (config: CheckedConfig, plan: ServicePlan, path: Path): readonly PlacedIssue[] => {
  const service = config.services[plan.service];
  if (config.report !== undefined || service === undefined) return [];
  const mend = 'Add "report": { "email": […] } at the top; by hand "sluice apply" works without.';
  return [
    ...(service.apply !== undefined && service.apply.length > 0
      ? [place([...path, 'apply'], '"apply" without a weekly report', 'a "report" at the top, which applies it', mend)]
      : []),
    ...(service.tasks.appliedMin !== undefined
      ? [
          place(
            [...path, 'tasks', 'appliedMin'],
            '"appliedMin" without a weekly report',
            'a "report" at the top, which applies minimums',
            mend,
          ),
        ]
      : []),
  ];
};
