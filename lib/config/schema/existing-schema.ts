import { z } from 'zod';
import { decimal, group, note, type RuleBroken, rule, text } from './field.ts';

const clusterForm = 'the name or the ARN of an ECS cluster';
const serviceForm = 'the name or the ARN of an ECS service';
const queueArnForm = 'the ARN of an SQS queue, such as "arn:aws:sqs:eu-central-1:123456789012:convert"';
const queueUrlForm = 'the URL of an SQS queue, such as "https://sqs.eu-central-1.amazonaws.com/123456789012/convert"';

export const serviceArn = /^arn:[\w-]+:ecs:[\w-]+:\d{12}:service\/(?:([\w-]+)\/)?([\w-]+)$/;
export const clusterArn = /^arn:[\w-]+:ecs:[\w-]+:\d{12}:cluster\/([\w-]+)$/;
export const queueArn = /^arn:[\w-]+:sqs:([\w-]+):(\d{12}):([\w-]+(?:\.fifo)?)$/;
export const queueUrl = /^https?:\/\/[^/]+\/(\d{12})\/([\w-]+(?:\.fifo)?)$/;
const ecsName = /^[A-Za-z0-9][\w-]{0,254}$/;

/** A service that is there already: Sluice makes only the scaler for it. */
export const existingSchema = () =>
  group({
    cluster: text(clusterForm, (value) => ecsName.test(value) || clusterArn.test(value))
      .exactOptional()
      .meta(note('Its cluster.', { fallback: 'the one in the ARN of `service`' })),
    service: text(serviceForm, (value) => ecsName.test(value) || serviceArn.test(value)).meta(note('The ECS service.')),
  }).superRefine(
    rule(({ cluster, service }) =>
      cluster === undefined && (ecsName.test(service) || serviceArn.test(service)) && !serviceArn.exec(service)?.[1]
        ? {
            path: ['cluster'],
            found: 'nothing',
            expected: clusterForm,
            mend: 'Add "cluster", or give the service’s ARN in its long form, which has the cluster in it.',
          }
        : undefined,
    ),
  );

/** Where a queue is that Sluice does not make. */
export const queueAddressFields = {
  arn: text(queueArnForm, (value) => queueArn.test(value))
    .exactOptional()
    .meta(note('ARN of a queue that is there already.', { fallback: 'none' })),
  url: text(queueUrlForm, (value) => queueUrl.test(value))
    .exactOptional()
    .meta(note('URL of a queue that is there already.', { fallback: 'none' })),
  existing: z
    .boolean({ error: 'true or false' })
    .exactOptional()
    .meta({
      ...note('The queue is there already, under the very `name`. Else Sluice makes it, as STAGE-NAME.', {
        fallback: 'true with `arn` or `url`, and for an existing service; else false',
      }),
      takes: 'true or false',
    }),
};

/** The address says it twice, or not at all. */
export const addressBroken = (queue: {
  name?: string;
  arn?: string;
  url?: string;
  existing?: boolean;
}): RuleBroken | undefined => {
  const given = (['arn', 'url'] as const).filter((key) => queue[key] !== undefined);
  if (given.length === 2)
    return { found: 'both "arn" and "url"', expected: 'one of them', mend: 'Remove "url": the ARN says all.' };
  if (queue.existing === false && given.length > 0)
    return {
      path: ['existing'],
      found: `"existing": false beside "${given[0]}"`,
      expected: 'a queue that is there already',
      mend: `Remove "existing", or "${given[0]}" if Sluice shall make the queue.`,
    };
  if (queue.existing === true && given.length === 0 && queue.name === undefined)
    return {
      path: ['name'],
      found: 'nothing',
      expected: 'what the existing queue is called',
      mend: 'Add "name", or "arn" instead of "existing".',
    };
  return undefined;
};

/** What is known of a service before it was ever seen at work. */
export const priorsSchema = () =>
  group({
    serviceSeconds: decimal(0, undefined, { above: true })
      .exactOptional()
      .meta(note('How long a job takes, about.', { unit: 's', fallback: '10' })),
    startDelaySeconds: group({
      median: decimal(0, undefined, { above: true }).meta(
        note('From asking for a task to its readiness: half of them are quicker.', { unit: 's' }),
      ),
      p95: decimal(0, undefined, { above: true }).meta(note('95 % of them are quicker.', { unit: 's' })),
    })
      .superRefine(
        rule(({ median, p95 }) =>
          p95 > median
            ? undefined
            : {
                path: ['p95'],
                found: `p95 ${p95} beside median ${median}`,
                expected: 'p95 above the median',
                mend: 'Swap them, or leave out "startDelaySeconds".',
              },
        ),
      )
      .exactOptional()
      .meta(note('How long a task takes to start.', { fallback: 'median 35, p95 75' })),
  });
