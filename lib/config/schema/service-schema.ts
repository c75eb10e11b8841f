import { z } from 'zod';
import { durationForm, parseDuration } from '../duration.ts';
import { isMoment, momentForm } from '../moment.ts';
import { serviceAlertsSchema } from './alerts-schema.ts';
import { applySchema } from './apply-schema.ts';
import { behaviorSchema } from './behavior-schema.ts';
import { holidaysSchema, timeZoneSchema } from './calendar-schema.ts';
import { addressBroken, existingSchema, priorsSchema, queueAddressFields } from './existing-schema.ts';
import { decimal, group, listOf, note, oneOf, type RuleBroken, record, rule, text, wholeNumber } from './field.ts';
import { policySchema } from './policy-schema.ts';
import { albSchema, signalsSchema } from './signal-schema.ts';
import { autoSizeSchema, notFargate, sizeFields } from './size-schema.ts';
import { boundsBroken, windowSchema } from './window-schema.ts';

const queueForm = 'false, or an object { "name": … }';
const queueName = () =>
  text(
    'an SQS queue name: letters, digits, "-" and "_", at most 80',
    (name) => name.length <= 80 && /^[\w-]+(\.fifo)?$/.test(name),
  );

const slo = () =>
  group({
    percent: decimal(50, 99.999)
      .default(99)
      .meta(note('Share of the jobs that the promise is made for.', { unit: '%' })),
    startWithinSeconds: decimal(1, 1_209_600)
      .default(60)
      .meta(note('They start at most this long after they were sent.', { unit: 's' })),
  });

const queueFields = {
  name: queueName()
    .exactOptional()
    .meta(note('Name of the SQS queue.', { fallback: 'the service’s name' })),
  fifo: z
    .boolean({ error: 'true or false' })
    .exactOptional()
    .meta({
      ...note('A FIFO queue. SQS wants such names to end in ".fifo".', {
        fallback: 'true if the name ends in ".fifo"',
      }),
      takes: 'true or false',
    }),
  ...queueAddressFields,
};

const queueClass = group({
  ...queueFields,
  name: queueName()
    .exactOptional()
    .meta(note('Name of the SQS queue.', { fallback: 'the one in `arn` or `url`' })),
  slo: slo()
    .exactOptional()
    .meta(note('The promise for this queue.', { fallback: 'the service’s' })),
}).superRefine(
  rule((queue) =>
    queue.name === undefined && queue.arn === undefined && queue.url === undefined
      ? {
          path: ['name'],
          found: 'nothing',
          expected: 'an SQS queue name',
          mend: 'Add "name", or the "arn" of a queue that is there already.',
        }
      : addressBroken(queue),
  ),
);

const worker = group({
  image: text('a container image such as "public.ecr.aws/x/y:1"')
    .exactOptional()
    .meta(note('Container image that `cdk deploy` runs.', { fallback: 'none' })),
  entry: text('a path relative to the project')
    .exactOptional()
    .meta(
      note('A program of this project. Local runs start it; without `image`, deployment builds an image from it.', {
        fallback: 'none',
      }),
    ),
  command: listOf(text('text'), 'a list of at least one word')
    .exactOptional()
    .meta(note('Command of the container, and of the process in a local run.', { fallback: 'the image’s' })),
  environment: record(z.string({ error: 'text' }))
    .exactOptional()
    .meta(note('Environment variables.', { fallback: 'none' })),
  cpu: sizeFields()
    .cpu.exactOptional()
    .meta(
      note('CPU of a task; 1,024 units are one vCPU.', {
        unit: 'CPU units',
        fallback: 'the smallest that goes with `memoryMiB`: 256',
      }),
    ),
  memoryMiB: sizeFields()
    .memoryMiB.exactOptional()
    .meta(note('Memory of a task.', { unit: 'MiB', fallback: 'the smallest that goes with `cpu`: 512' })),
  size: autoSizeSchema()
    .exactOptional()
    .meta(
      note('A task size that follows from what was measured, between bounds; see docs/report.md.', {
        fallback: 'none: `cpu` and `memoryMiB` hold',
      }),
    ),
  concurrency: wholeNumber(1, 1000)
    .default(1)
    .meta(note('Jobs that one task works on at once.', { unit: 'jobs' })),
  stopTimeoutSeconds: wholeNumber(2, 120)
    .default(120)
    .meta(note('Time between SIGTERM and SIGKILL; Fargate allows 120 at most.', { unit: 's' })),
  architecture: oneOf(['x86', 'arm64']).default('x86').meta(note('Processor.')),
  jobs: z
    .boolean({ error: 'true or false' })
    .exactOptional()
    .meta({
      ...note(
        'Keep a record of each job: status, result, cancel, expiry, idempotency, chains, workflows; see docs/jobs.md.',
        {
          fallback: 'true where the job API or `sendsTo` needs it',
        },
      ),
      takes: 'true or false',
    }),
  sendsTo: listOf(text('the name of a queue of this config'), 'a list of at least one queue name')
    .exactOptional()
    .meta(note('Queues that its handlers’ next jobs may go to, beside its own.', { fallback: 'its own alone' })),
}).superRefine(rule(notFargate));

const tasks = group({
  min: wholeNumber(0, 5000)
    .exactOptional()
    .meta(note('Fewest tasks.', { unit: 'tasks', fallback: '0; 1 without a queue' })),
  max: wholeNumber(0, 5000)
    .default(10)
    .meta(note('Most tasks.', { unit: 'tasks' })),
  appliedMin: wholeNumber(0, 5000)
    .exactOptional()
    .meta(
      note('Lowest minimum that the weekly report may apply by itself; see `apply`.', {
        unit: 'tasks',
        fallback: '`min`',
      }),
    ),
}).superRefine(rule((given) => boundsBroken(given) ?? appliedMinBroken(given)));

function appliedMinBroken({ min, appliedMin }: { min?: number; appliedMin?: number }): RuleBroken | undefined {
  if (min === undefined || appliedMin === undefined || appliedMin <= min) return undefined;
  return {
    path: ['appliedMin'],
    found: `appliedMin ${appliedMin} above min ${min}`,
    expected: 'appliedMin at most min',
    mend: `Lower "appliedMin" to ${min}, or leave it out: then no minimum below "min" is applied.`,
  };
}

const answer = (percent: number, usual: 'warn' | 'hold' | 'min') =>
  oneOf(['warn', 'hold', 'min'])
    .default(usual)
    .meta(note(`What follows at ${percent} %: a warning, no more scale-out, or down to the minimum.`));

export const budgetSchema = () =>
  group({
    usdPerMonth: decimal(0, undefined, { above: true }).meta(
      note('Spending limit of a calendar month.', { unit: 'USD' }),
    ),
    at80: answer(80, 'warn'),
    at95: answer(95, 'hold'),
    at100: answer(100, 'min'),
  });

const event = group({
  at: text(momentForm, isMoment).meta(note('When it starts; without a zone, local time of the service.')),
  for: text(durationForm, (value) => parseDuration(value) !== undefined).meta(note('How long it lasts.')),
  factor: decimal(0, 1000, { above: true })
    .exactOptional()
    .meta(note('Arrivals are this multiple of those before it.', { fallback: '`jobsPerMinute`' })),
  jobsPerMinute: decimal(0, 1e7, { above: true })
    .exactOptional()
    .meta(note('Arrivals in all: from an idle service nothing can be multiplied.', { fallback: '`factor`' })),
}).superRefine(
  rule(({ factor, jobsPerMinute }) =>
    (factor === undefined) === (jobsPerMinute === undefined)
      ? {
          found: factor === undefined ? 'neither "factor" nor "jobsPerMinute"' : 'both "factor" and "jobsPerMinute"',
          expected: 'exactly one of them',
          mend: 'Say how many times the usual load comes ("factor"), or how many jobs a minute ("jobsPerMinute").',
        }
      : undefined,
  ),
);

const fallback = group({
  afterMinutes: decimal(0, 1440, { above: true }).meta(
    note('Signals must have been unknown for this long.', { unit: 'min' }),
  ),
  count: z
    .union([wholeNumber(0, 5000), oneOf(['current', 'currentIfHigher', 'currentIfLower'])], {
      error: 'a whole number, "current", "currentIfHigher" or "currentIfLower"',
    })
    .meta({
      ...note(
        'The count then. `currentIfHigher` and `currentIfLower` keep the present count if it is above or below `than`, else take `than`.',
        { unit: 'tasks' },
      ),
      takes: 'a whole number, "current", "currentIfHigher" or "currentIfLower"',
    }),
  than: wholeNumber(0, 5000)
    .exactOptional()
    .meta(
      note('What `currentIf…` compares with.', {
        unit: 'tasks',
        fallback: '`tasks.min` for currentIfHigher, `tasks.max` for currentIfLower',
      }),
    ),
});

const factor = (usual: number, when: string) =>
  decimal(1, 10)
    .default(usual)
    .meta(note(`The count is multiplied by it when ${when}; 1 turns it off.`));

const remediation = group({
  cpu: factor(1.5, 'CPU is critical (above 90 % for a minute)'),
  memory: factor(1.3, 'memory is nearly full (above 95 %)'),
  queue: factor(2, 'the queue is long (above 5,000 jobs)'),
  cooldownSeconds: wholeNumber(30, 86_400)
    .default(300)
    .meta(note('The raised count stays at least so long, and is not raised again before.', { unit: 's' })),
});

export const serviceSchema = group({
  queue: z
    .union([z.literal(false), group(queueFields).superRefine(rule(addressBroken))], { error: queueForm })
    .exactOptional()
    .meta({
      ...note('Its queue; `false` for a service without one.', { fallback: 'a queue named like the service' }),
      takes: queueForm,
    }),
  queues: listOf(queueClass, 'a list of at least one { name, slo }')
    .exactOptional()
    .meta(note('Several classes of jobs on one fleet, instead of `queue`.', { fallback: 'none' })),
  existing: existingSchema()
    .exactOptional()
    .meta(
      note('An ECS service that is there already: Sluice makes nothing but its scaler; see docs/adopt.md.', {
        fallback: 'none: Sluice makes the service',
      }),
    ),
  priors: priorsSchema()
    .exactOptional()
    .meta(
      note('What is known before the first job; what is learnt overrules it soon.', { fallback: 'see its fields' }),
    ),
  worker: worker.prefault({}).meta(note('What runs.', { fallback: 'see its fields' })),
  slo: slo()
    .exactOptional()
    .meta(
      note('The promise: `percent` of the jobs start within `startWithinSeconds`.', { fallback: '99 % within 60 s' }),
    ),
  tasks: tasks.prefault({}).meta(note('Bounds outside all windows.', { fallback: 'see its fields' })),
  priority: oneOf(['critical', 'high', 'normal', 'low']).default('normal').meta(note('Who gets scarce limits first.')),
  policy: policySchema.exactOptional().meta(
    note('How the count is found; see Policies.', {
      fallback: '`slo`; without a queue `targetTracking` of cpu 60 %',
    }),
  ),
  signals: signalsSchema()
    .default({})
    .meta(
      note(
        'Signals of your own, by name: CloudWatch metrics, metric math, or what the tasks report; see docs/signals.md.',
      ),
    ),
  alb: albSchema()
    .exactOptional()
    .meta(
      note('The load balancer behind `requestsPerSecond`, `latencyMs` and `errorPercent`.', {
        fallback: 'none: the tasks report them',
      }),
    ),
  behavior: behaviorSchema.prefault({}).meta(
    note('How fast the count may move: Kubernetes `autoscaling/v2` behavior, and a cooldown as AWS has it.', {
      fallback: 'see its fields',
    }),
  ),
  schedule: z
    .array(windowSchema, { error: 'a list of windows' })
    .default([])
    .meta({
      ...note('Windows by local time. The first in the list that fits wins; outside all of them `tasks` holds.'),
      takes: 'a list',
    }),
  uses: record(decimal(0, undefined, { above: true }))
    .default({})
    .meta(note('How much of each of the top-level `limits` one task takes.', { unit: 'the limit’s own' })),
  budget: budgetSchema()
    .exactOptional()
    .meta(note('Monthly budget of this service.', { fallback: 'none' })),
  events: z
    .array(event, { error: 'a list of { at, for, factor } or { at, for, jobsPerMinute }' })
    .default([])
    .meta({ ...note('Load that is known beforehand.'), takes: 'a list' }),
  apply: applySchema()
    .exactOptional()
    .meta(
      note('Advice that the weekly report may apply to this service by itself; see docs/report.md.', {
        fallback: 'that of `report`',
      }),
    ),
  mode: oneOf(['act', 'shadow']).default('act').meta(note('`shadow` decides and records, never acts.')),
  flaps: group({
    perHour: wholeNumber(1, 1000).meta(
      note(
        'Changes of direction (a scale-in after a scale-out, or the reverse) that are allowed; when they are used up, scale-in waits.',
        { unit: 'changes per hour' },
      ),
    ),
  })
    .exactOptional()
    .meta(note('Flap budget.', { fallback: 'none' })),
  fallback: fallback
    .exactOptional()
    .meta(note('What follows when signals stay unknown.', { fallback: 'the count stays as it is' })),
  remediation: remediation.exactOptional().meta(
    note('More tasks at once when an alert of load is raised, whatever the policy says; see docs/guards.md.', {
      fallback: 'none: alerts change no count',
    }),
  ),
  alerts: serviceAlertsSchema()
    .exactOptional()
    .meta(note('Where its alerts of load begin.', { fallback: 'the top-level `alerts`' })),
  timeZone: timeZoneSchema()
    .exactOptional()
    .meta(note('Zone of its schedule.', { fallback: 'the top-level `timeZone`' })),
  holidays: holidaysSchema()
    .exactOptional()
    .meta(note('Holidays of its schedule.', { fallback: 'the top-level `holidays`' })),
});
export type CheckedService = z.output<typeof serviceSchema>;
