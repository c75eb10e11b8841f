import type { ServicePlan } from '../model/plan.ts';
import { windowsThatNeverWin } from '../schedule/coverage.ts';
import { applyIssues, tooManySizes } from './apply-checks.ts';
import { existingIssues } from './existing-checks.ts';
import { type Path, type PlacedIssue, place } from './input-issues.ts';
import { jobTypeIssues } from './job-api-plan.ts';
import { nearest } from './nearest.ts';
import { policiesIn } from './policy-plan.ts';
import { recordIssues } from './record-checks.ts';
import type { CheckedConfig } from './schema/config-schema.ts';
import { signalIssues } from './signal-checks.ts';

/**
 * What can only be seen across fields. `isClean`: nothing is known to be wrong at or below a path, so what stands there
 * can be judged. `signalsGiven`: values come by name from outside, so no source is asked for.
 */
export const crossChecks = (
  config: CheckedConfig,
  plans: readonly ServicePlan[],
  isClean: (path: Path) => boolean,
  signalsGiven: boolean,
): readonly PlacedIssue[] => [
  ...(config.api !== undefined && isClean(['api', 'types']) ? jobTypeIssues(config.api, plans) : []),
  ...duplicateQueues(
    config,
    plans.filter(({ service }) => ['queue', 'queues'].every((key) => isClean(['services', service, key]))),
  ),
  ...tooManySizes(plans),
  ...plans.flatMap((plan) => {
    const path = ['services', plan.service];
    return [
      ...(isClean([...path, 'queue']) && isClean([...path, 'queues']) ? queueOrQueues(config, plan, path) : []),
      ...(isClean([...path, 'worker']) ? recordIssues(config, plan, plans, path) : []),
      ...applyIssues(config, plan, path).filter((issue) => isClean(issue.path)),
      ...existingIssues(config.services[plan.service], path).filter((issue) => isClean(issue.path)),
      ...sloWithoutQueue(config, plan, path).filter((issue) => isClean(issue.path.slice(0, 3))),
      ...(signalsGiven || !isClean([...path, 'signals'])
        ? []
        : signalIssues(plan, path).filter((issue) => isClean(issue.path.slice(0, 3)))),
      ...(isClean(['limits']) ? unknownLimits(config, plan, path) : []),
      ...(isClean([...path, 'schedule']) && isClean(['holidays']) && isClean([...path, 'holidays'])
        ? deadWindows(plan, path)
        : []),
    ];
  }),
];

const duplicateQueues = (config: CheckedConfig, plans: readonly ServicePlan[]): readonly PlacedIssue[] => {
  const owners = new Map<string, string>();
  return plans.flatMap((plan) =>
    plan.queues.flatMap((queue, index) => {
      const listed = config.services[plan.service]?.queues !== undefined;
      const path = ['services', plan.service, ...(listed ? ['queues', index, 'name'] : ['queue', 'name'])];
      const owner = owners.get(queue.name);
      if (owner === undefined) owners.set(queue.name, plan.service);
      if (owner === undefined) return [];
      const other = owner === plan.service ? 'another queue of this service' : `service "${owner}"`;
      return [
        place(
          path,
          `the queue "${queue.name}", which ${other} has already`,
          'a queue of its own for each',
          'Rename one of the two, or let one service work on both with "queues".',
        ),
      ];
    }),
  );
};

const queueOrQueues = (config: CheckedConfig, plan: ServicePlan, path: Path): readonly PlacedIssue[] => {
  const service = config.services[plan.service];
  const both =
    service?.queue !== undefined && service.queues !== undefined
      ? [
          place(
            path,
            'both "queue" and "queues"',
            'one of them',
            'Move the queue into the list "queues", or remove the list.',
          ),
        ]
      : [];
  const misnamed = plan.queues.flatMap((queue, index) =>
    !queue.fifo && queue.name.endsWith('.fifo')
      ? [
          place(
            [...path, ...(service?.queues ? ['queues', index] : ['queue'])],
            `"fifo": false on "${queue.name}"`,
            'a name without ".fifo" for a standard queue',
            'Remove "fifo", or the ending of the name.',
          ),
        ]
      : [],
  );
  return [...both, ...misnamed];
};

const sloWithoutQueue = (config: CheckedConfig, plan: ServicePlan, path: Path): readonly PlacedIssue[] => {
  const service = config.services[plan.service];
  if (service?.queue !== false || service.queues) return [];
  const why = 'the promise counts the time that jobs wait in a queue, and "queue" is false';
  const mend =
    'Give it a queue, or use a policy such as { "type": "targetTracking", "signals": [{ "signal": "cpu", "target": 60 }] }.';
  const usesSlo = (policy: ServicePlan['policy']): boolean => policiesIn(policy).some(({ type }) => type === 'slo');
  return [
    ...(service.slo
      ? [
          place(
            [...path, 'slo'],
            'an objective without a queue',
            `no "slo" here: ${why}`,
            'Remove "slo", or give the service a queue.',
          ),
        ]
      : []),
    ...(usesSlo(plan.policy)
      ? [place([...path, 'policy'], 'the policy "slo" without a queue', `another policy: ${why}`, mend)]
      : []),
    ...plan.schedule.flatMap((window, index) =>
      window.policy && usesSlo(window.policy)
        ? [
            place(
              [...path, 'schedule', index, 'policy'],
              'the policy "slo" without a queue',
              `another policy: ${why}`,
              mend,
            ),
          ]
        : [],
    ),
  ];
};

const unknownLimits = (config: CheckedConfig, plan: ServicePlan, path: Path): readonly PlacedIssue[] => {
  const known = Object.keys(config.limits);
  return Object.keys(plan.uses)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = nearest(name, known);
      const expected =
        known.length > 0
          ? `one of the top-level "limits": ${known.join(', ')}`
          : 'a name from the top-level "limits", which has none';
      return place(
        [...path, 'uses', name],
        `the unknown limit "${name}"`,
        expected,
        near ? `Did you mean "${near}"?` : `Add "limits": { "${name}": { "total": … } } at the top.`,
      );
    });
};

const deadWindows = (plan: ServicePlan, path: Path): readonly PlacedIssue[] =>
  windowsThatNeverWin(plan.schedule, plan.calendar).map(({ index, coveredBy }) => {
    const named = (i: number): string => `"${plan.schedule[i]?.name}"`;
    const at = [...path, 'schedule', index];
    if (coveredBy.length === 0)
      return place(
        at,
        `the window ${named(index)}, which fits no day: there are no holidays`,
        'days that exist',
        'Add "holidays": { "country": … } or dates at the top, or change "days".',
      );
    const covering = coveredBy.map(named).join(' and ');
    return place(
      at,
      `the window ${named(index)}, which can never win: ${covering} above it ${coveredBy.length > 1 ? 'cover' : 'covers'} all of it`,
      'at least a minute that no earlier window covers',
      `The first window that fits wins: move ${named(index)} above ${covering}, or remove it.`,
    );
  });
