import type { ServicePlan } from '../model/plan.ts';
import { type Path, type PlacedIssue, place } from './input-issues.ts';
import { nearest } from './nearest.ts';
import type { CheckedConfig } from './schema/config-schema.ts';

/** What job records and next jobs need: queues that are there, and records that are kept. */
export const recordIssues = (
  config: CheckedConfig,
  plan: ServicePlan,
  plans: readonly ServicePlan[],
  path: Path,
): readonly PlacedIssue[] => {
  const { jobs, sendsTo = [] } = config.services[plan.service]?.worker ?? {};
  const queues = plans.flatMap((other) => other.queues.map(({ name }) => name));
  const strange = sendsTo.flatMap((name, i) =>
    queues.includes(name)
      ? []
      : [
          place(
            [...path, 'worker', 'sendsTo', i],
            `"${name}", which is no queue of this config`,
            `one of ${queues.join(', ')}`,
            nearest(name, queues) === undefined
              ? 'Name a queue of a service.'
              : `Did you mean "${nearest(name, queues)}"?`,
          ),
        ],
  );
  const unkept =
    jobs === false && sendsTo.length > 0
      ? [
          place(
            [...path, 'worker', 'jobs'],
            'false, with "sendsTo"',
            'job records, which carry next jobs',
            'Leave "jobs" out, or "sendsTo".',
          ),
        ]
      : [];
  const idle =
    jobs === true && plan.queues.length === 0
      ? [
          place(
            [...path, 'worker', 'jobs'],
            'true, and "queue" is false',
            'a queue that jobs come from',
            'Leave "jobs" out.',
          ),
        ]
      : [];
  return [...strange, ...unkept, ...idle];
};
