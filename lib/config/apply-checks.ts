import type { ServicePlan } from '../model/plan.ts';
import { type Path, type PlacedIssue, place } from './input-issues.ts';
import type { CheckedConfig } from './schema/config-schema.ts';

/** The weekly report is what applies: without one, nothing ever would. */
export const applyIssues = (config: CheckedConfig, plan: ServicePlan, path: Path): readonly PlacedIssue[] => {
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
