import type { ServiceBinding } from '../../model/binding.ts';
import type { QueueSeen, ServiceFacts } from '../facts.ts';
import { type Check, type FindingText, given, perService } from '../finding.ts';

type Queue = ServiceFacts['queues'][number];

const eachQueue = (
  { binding, queues }: ServiceFacts,
  find: (seen: QueueSeen, queue: Queue, url: string) => readonly FindingText[],
): readonly FindingText[] =>
  queues.flatMap((queue) => given(queue.own, (seen) => find(seen, queue, urlOf(binding, queue.name))));

const urlOf = (binding: ServiceBinding, name: string): string =>
  binding.queues.find((queue) => queue.name === name)?.url ?? name;

const deadLetters = perService('deadLetterQueue', 'each queue has a dead-letter queue', (facts) =>
  eachQueue(facts, (seen, { name }, url) =>
    seen.deadLetterArn !== undefined
      ? []
      : [
          {
            severity: 'error',
            found: `none on "${name}"`,
            expected: 'a dead-letter queue: a job that always fails comes back until it expires, unseen',
            mend: 'Make one and name it.',
            command: `aws sqs set-queue-attributes --queue-url ${url} --attributes '{"RedrivePolicy":"{\\"deadLetterTargetArn\\":\\"DEAD_QUEUE_ARN\\",\\"maxReceiveCount\\":10}"}'`,
          },
        ],
  ),
);

/** In a standard queue the clock of the first send goes on in the dead-letter queue. */
const deadRetention = perService('deadLetterRetention', 'dead jobs are kept longer than waiting ones', (facts) =>
  eachQueue(facts, (seen, { name, dead }) => {
    if (dead === undefined) return [];
    return given(dead, (deadSeen) =>
      deadSeen.retentionSeconds > seen.retentionSeconds
        ? []
        : [
            {
              severity: 'error',
              found: `${days(deadSeen.retentionSeconds)} for the dead of "${name}", ${days(seen.retentionSeconds)} for the waiting`,
              expected: 'more days for the dead: their age counts from the first send',
              mend: 'Raise it to 14 days.',
              command: `aws sqs set-queue-attributes --queue-url ${deadUrl(facts.binding, name)} --attributes MessageRetentionPeriod=1209600`,
            },
          ],
    );
  }),
);

const deadEmpty = perService('deadLetters', 'no dead jobs lie about', (facts) =>
  facts.queues.flatMap(({ name, dead }) =>
    dead === undefined
      ? []
      : given(dead, ({ messages }) =>
          messages === 0
            ? []
            : [
                {
                  severity: 'warning',
                  found: `${messages} in the dead-letter queue of "${name}"`,
                  expected: 'none',
                  mend: 'Look at them, then send them back.',
                  command: `aws sqs receive-message --queue-url ${deadUrl(facts.binding, name)} --message-attribute-names All --max-number-of-messages 10`,
                },
              ],
        ),
  ),
);

/** The runtime keeps a job invisible while it works; other workers have this time alone. */
const visibility = perService('visibilityTimeout', 'jobs stay invisible while they are worked on', (facts) =>
  eachQueue(facts, (seen, { name }, url) =>
    given(facts.jobSeconds, (measured): readonly FindingText[] => {
      const timeout = seen.visibilityTimeoutSeconds;
      const set = (seconds: number): string =>
        `aws sqs set-queue-attributes --queue-url ${url} --attributes VisibilityTimeout=${Math.min(43_200, Math.ceil(seconds))}`;
      if (measured !== undefined)
        return timeout >= 30
          ? []
          : [
              {
                severity: 'warning',
                found: `${timeout} s on "${name}"`,
                expected: 'at least 30 s, which leaves the runtime time to extend it',
                mend: 'Raise it.',
                command: set(60),
              },
            ];
      const seconds = facts.binding.plan.priors?.serviceSeconds;
      if (seconds === undefined)
        return [
          {
            severity: 'info',
            found: `${timeout} s on "${name}", and no worker has said yet how long a job takes`,
            expected: 'six times a job’s time, for workers that do not use the runtime',
            mend: 'Compare it with the longest job, or say priors.serviceSeconds.',
            command: set(timeout),
          },
        ];
      return timeout >= 2 * seconds
        ? []
        : [
            {
              severity: timeout < seconds ? 'error' : 'warning',
              found: `${timeout} s on "${name}", for jobs of ${seconds} s`,
              expected: `${6 * seconds} s, unless the workers use the runtime: a job that outlives it runs twice`,
              mend: 'Raise it.',
              command: set(6 * seconds),
            },
          ];
    }),
  ),
);

const deadUrl = (binding: ServiceBinding, name: string): string =>
  binding.queues.find((queue) => queue.name === name)?.deadLetterUrl ?? `DEAD_QUEUE_OF_${name}`;

const days = (seconds: number): string => `${Number((seconds / 86_400).toFixed(2))} days`;

export const queueChecks: readonly Check[] = [deadLetters, deadRetention, deadEmpty, visibility];
