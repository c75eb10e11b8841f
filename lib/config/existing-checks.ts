import { type Path, type PlacedIssue, place } from './input-issues.ts';
import type { CheckedService } from './schema/service-schema.ts';

/** What a service that is there already cannot have, because Sluice does not make it. */
export const existingIssues = (service: CheckedService | undefined, path: Path): readonly PlacedIssue[] => {
  if (!service?.existing) return [];
  return [
    ...queueNotNamed(service, path),
    ...foreignFields(service, path),
    ...foreignSizes(service, path),
    ...albWithoutAddress(service, path),
  ];
};

const queueNotNamed = ({ queue, queues }: CheckedService, path: Path): readonly PlacedIssue[] => {
  if (queue === false || queues) return [];
  const at = [...path, 'queue'];
  if (queue?.existing === false)
    return [
      place(
        [...at, 'existing'],
        '"existing": false beside a service that is there already',
        'the queue that this service reads',
        'Remove it: a queue that Sluice makes would have nobody to read it.',
      ),
    ];
  if (queue?.name ?? queue?.arn ?? queue?.url) return [];
  return [
    place(
      at,
      'nothing that names it',
      'the queue that the service reads',
      'Add "queue": { "name": … } or { "arn": … }, or "queue": false if it reads none.',
    ),
  ];
};

const ownedBySluice = ['image', 'entry', 'command', 'environment'] as const;

const foreignFields = ({ worker }: CheckedService, path: Path): readonly PlacedIssue[] =>
  ownedBySluice
    .filter((field) => worker[field] !== undefined)
    .map((field) =>
      place(
        [...path, 'worker', field],
        `"${field}" for a service that is there already`,
        'what the service itself says',
        'Remove it, or remove "existing" if Sluice shall make the service.',
      ),
    );

const foreignSizes = ({ schedule }: CheckedService, path: Path): readonly PlacedIssue[] =>
  schedule.flatMap(({ worker }, index) =>
    worker === undefined
      ? []
      : [
          place(
            [...path, 'schedule', index, 'worker'],
            'a task size for a service that is there already',
            'its own size',
            'Remove it: Sluice has no task definitions of this service to change to.',
          ),
        ],
  );

const albWithoutAddress = ({ alb }: CheckedService, path: Path): readonly PlacedIssue[] =>
  alb === undefined || alb.targetGroup !== undefined
    ? []
    : [
        place(
          [...path, 'alb', 'targetGroup'],
          'nothing',
          'the target group of the service',
          'Add "targetGroup" and "loadBalancer": there is no template that knows them.',
        ),
      ];
