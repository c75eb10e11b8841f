import { expect, it } from 'vitest';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { formatIssue } from '../../lib/model/bad-input.ts';

type Line = readonly string[];
type BadConfig = readonly [name: string, input: unknown, ...lines: Line[]];

/** Why it is bad, the config, and what the lines must hold: path, found, expected, mend. */
const service = (fields: object) => ({ services: { a: fields } });
const windows = (...schedule: object[]) => service({ schedule });
const tiny = { cpu: 256, memoryMiB: 512 };
const cases: readonly BadConfig[] = [
  ['no object', 5, ['config: found 5', 'expected an object']],
  ['no services', {}, ['services: found nothing', 'at least one service', 'Add "services"']],
  ['empty services', { services: {} }, ['services: found no services', 'at least one service']],
  ['bad service name', { services: { '9x': {} } }, ['services.9x: found "9x"', 'a service name', 'Rename']],
  [
    'wrong type',
    service({ tasks: { max: '50' } }),
    ['services.a.tasks.max: found "50"', 'a whole number', 'Write 50 without quotes'],
  ],
  [
    'alerts to no topic, of no severity, for no time, of no kind',
    {
      alerts: {
        topic: 'oncall',
        severity: 'warn',
        repeat: '4 hours',
        off: ['maxReach'],
        queueDepth: 0,
        watch: ['disk'],
      },
      ...service({ alerts: { cpuWarning: 101 } }),
    },
    ['alerts.topic: found "oncall"', 'the ARN of an SNS topic'],
    ['alerts.severity: found "warn"', '"warning"'],
    ['alerts.repeat: found "4 hours"', 'a length of time', 'or "never"'],
    ['alerts.off[0]: found "maxReach"', 'the code of an alert', 'Did you mean "maxReached"?'],
    ['alerts.queueDepth: found 0', 'a number above 0'],
    ['alerts.watch[0]: found "disk"', '"cpu", "memory" or "latencyMs"'],
    ['services.a.alerts.cpuWarning: found 101', '100'],
  ],
  ['a fraction', service({ tasks: { max: 1.5 } }), ['services.a.tasks.max: found 1.5', 'a whole number']],
  ['out of range', { tickSeconds: 61, ...service({}) }, ['tickSeconds: found 61', 'from 1 to 60', '60 or less']],
  [
    'unknown key at the top',
    { serivces: {}, ...service({}) },
    ['serivces: found the unknown key', 'Did you mean "services"'],
  ],
  [
    'unknown key deep down',
    service({ behavior: { scaleIn: { stabilisationSeconds: 1 } } }),
    ['services.a.behavior.scaleIn.stabilisationSeconds', 'Did you mean "stabilizationSeconds"'],
  ],
  [
    'unknown key in a policy',
    service({ policy: { type: 'all', of: [{ type: 'slo', maxCost: 2 }] } }),
    ['services.a.policy.of[0].maxCost', 'Did you mean "maxCostFactor"'],
  ],
  [
    'unknown key in a union',
    service({ queue: { nmae: 'x' } }),
    ['services.a.queue.nmae', 'one of name, fifo', 'Did you mean "name"'],
  ],
  [
    'advice that cannot be applied by itself',
    { report: { apply: ['schedule', 'commit'] }, ...service({}) },
    ['report.apply[1]: found "commit"', '"schedule" or "minMax"'],
  ],
  [
    'an automatic size with bounds that are not sizes, or not in order',
    {
      report: {},
      services: {
        a: { worker: { size: { auto: true, min: { cpu: 512, memoryMiB: 512 }, max: { cpu: 1024, memoryMiB: 2048 } } } },
        b: {
          worker: { size: { auto: true, min: { cpu: 1024, memoryMiB: 2048 }, max: { cpu: 512, memoryMiB: 4096 } } },
        },
      },
    },
    ['services.a.worker.size.min: found cpu 512 with memoryMiB 512', 'a size that Fargate offers', '256/512'],
    ['services.b.worker.size.min.cpu: found cpu 1024 above the 512 of "max"', 'min at most max'],
  ],
  [
    'an automatic size between bounds that are too far apart',
    { report: {}, ...service({ worker: { size: { auto: true, min: tiny, max: { cpu: 16384, memoryMiB: 122880 } } } }) },
    ['services.a.worker.size: found bounds with 74 sizes', 'at most 24', '256/512 to 4096/8192 has 20'],
  ],
  [
    'an automatic size that cannot be',
    {
      services: {
        a: {
          queue: false,
          worker: { cpu: 2048, memoryMiB: 4096, size: { auto: true, min: tiny, max: { cpu: 1024, memoryMiB: 2048 } } },
          schedule: [{ days: 'weekends', worker: tiny }],
        },
      },
    },
    ['services.a.worker.size: found an automatic size without a weekly report', '"report" at the top'],
    ['services.a.worker.size: found cpu 2048 with memoryMiB 4096 outside its bounds', 'Widen the bounds'],
    [
      'services.a.schedule[0].worker: found a size of the window "window 1" beside an automatic size',
      'Remove "worker"',
    ],
    ['services.a.worker.size: found an automatic size without a queue', 'nobody measures'],
  ],
  [
    'automatic sizes that no stack can hold',
    {
      report: {},
      services: Object.fromEntries(
        'abcdefgh'
          .split('')
          .map((name) => [name, { worker: { size: { auto: true, min: tiny, max: { cpu: 4096, memoryMiB: 8192 } } } }]),
      ),
    },
    ['services.h.worker.size: found the last of automatic sizes that make 152 further', 'at most 150', '500 resources'],
  ],
  [
    'apply without a report',
    service({ apply: ['schedule'], tasks: { min: 2, appliedMin: 0 } }),
    ['services.a.apply: found "apply" without', '"report" at the top', 'sluice apply'],
    ['services.a.tasks.appliedMin: found'],
  ],
  [
    'a lowest applied minimum above the minimum',
    { report: {}, ...service({ tasks: { min: 2, appliedMin: 3 } }) },
    ['services.a.tasks.appliedMin: found appliedMin 3 above min 2', 'at most min', 'Lower "appliedMin" to 2'],
  ],
  [
    'next jobs for a queue that is not there',
    { services: { a: { worker: { entry: 'a.ts', sendsTo: ['proces'] } }, process: {} } },
    ['services.a.worker.sendsTo[0]: found "proces"', 'one of a, process', 'Did you mean "process"'],
  ],
  [
    'next jobs without records',
    service({ worker: { entry: 'a.ts', jobs: false, sendsTo: ['a'] } }),
    ['services.a.worker.jobs: found false', 'job records', 'Leave "jobs" out'],
  ],
  [
    'records without jobs',
    service({ queue: false, worker: { entry: 'a.ts', jobs: true } }),
    ['services.a.worker.jobs: found true', 'a queue'],
  ],
  [
    'an existing service without a queue',
    service({ existing: { cluster: 'prod', service: 'convert' } }),
    ['services.a.queue: found nothing that names it', '"queue": false if it reads none'],
  ],
  [
    'an existing service without a cluster',
    service({ queue: false, existing: { service: 'convert' } }),
    ['services.a.existing.cluster: found nothing', 'the ARN of an ECS cluster', 'long form'],
  ],
  [
    'an existing service by the ARN of something else',
    service({ queue: false, existing: { service: 'arn:aws:ecs:eu-central-1:123456789012:task/x/y' } }),
    ['services.a.existing.service: found "arn:', 'the ARN of an ECS service'],
  ],
  [
    'an existing service with an image, a size and a queue of Sluice’s',
    service({
      existing: { cluster: 'prod', service: 'convert' },
      queue: { name: 'x', existing: false },
      worker: { image: 'i' },
      alb: {},
      schedule: [{ worker: { cpu: 512, memoryMiB: 1024 } }],
    }),
    ['services.a.queue.existing: found "existing": false', 'nobody to read it'],
    ['services.a.worker.image: found "image" for a service that is there', 'Remove it'],
    ['services.a.schedule[0].worker: found a task size', 'no task definitions'],
    ['services.a.alb.targetGroup: found nothing', 'the target group'],
  ],
  [
    'a queue with two addresses',
    service({
      queue: {
        arn: 'arn:aws:sqs:eu-central-1:123456789012:q',
        url: 'https://sqs.eu-central-1.amazonaws.com/123456789012/q',
      },
    }),
    ['services.a.queue: found both "arn" and "url"', 'Remove "url"'],
  ],
  [
    'an existing queue without a name',
    service({ queue: { existing: true } }),
    ['services.a.queue.name: found nothing', 'what the existing queue is called'],
  ],
  [
    'an address of a queue that shall be made',
    service({ queue: { arn: 'arn:aws:sqs:eu-central-1:123456789012:q', existing: false } }),
    ['services.a.queue.existing: found "existing": false beside "arn"'],
  ],
  [
    'an ARN that is none',
    service({ queue: { arn: 'arn:aws:sns:eu-central-1:123456789012:q' } }),
    ['services.a.queue.arn: found "arn:aws:sns', 'the ARN of an SQS queue'],
  ],
  ['a class of jobs without a name', service({ queues: [{ slo: {} }] }), ['services.a.queues[0].name: found nothing']],
  [
    'priors the wrong way round',
    service({ priors: { startDelaySeconds: { median: 60, p95: 30 } } }),
    ['services.a.priors.startDelaySeconds.p95: found p95 30', 'Swap them'],
  ],
  [
    'the launch type EC2',
    service({ launchType: 'EC2' }),
    ['services.a.launchType: found launch type EC2', 'expected FARGATE', 'move the service to Fargate'],
  ],
  [
    'the launch type EXTERNAL',
    service({ worker: { launchType: 'external' } }),
    ['services.a.worker.launchType: found launch type EXTERNAL', 'ECS Anywhere'],
  ],
  [
    'a capacity provider of an Auto Scaling group',
    service({ capacityProviders: ['FARGATE', 'my-asg'] }),
    ['services.a.capacityProviders: found capacity provider my-asg', 'FARGATE or FARGATE_SPOT'],
  ],
  [
    'the deployment controller CODE_DEPLOY',
    service({ deploymentController: 'CODE_DEPLOY' }),
    ['services.a.deploymentController: found deployment controller CODE_DEPLOY', 'the controller ECS'],
  ],
  [
    'the deployment controller EXTERNAL',
    service({ deploymentController: 'EXTERNAL' }),
    ['services.a.deploymentController: found deployment controller EXTERNAL', 'task sets of somebody else'],
  ],
  [
    'a daemon',
    service({ schedulingStrategy: 'DAEMON' }),
    ['services.a.schedulingStrategy: found scheduling strategy DAEMON', 'one task on each instance'],
  ],
  [
    'Windows',
    service({ worker: { operatingSystem: 'WINDOWS_SERVER_2022_CORE' } }),
    ['services.a.worker.operatingSystem: found operating system WINDOWS', 'use a Linux image'],
  ],
  [
    'a word for what is always so',
    service({ launchType: 'FARGATE' }),
    ['services.a.launchType: found "launchType" "FARGATE"', 'nothing there', 'Remove it'],
  ],
  [
    'min above max',
    service({ tasks: { min: 5, max: 3 } }),
    ['services.a.tasks: found min 5 above max 3', 'Lower "min" to 3 or raise "max" to 5'],
  ],
  [
    'min above max in a window',
    windows({ tasks: { min: 5, max: 3 } }),
    ['services.a.schedule[0].tasks: found min 5 above max 3'],
  ],
  ['exact and min', windows({ tasks: { exact: 5, min: 3 } }), ['services.a.schedule[0].tasks: found "exact" together']],
  [
    'bad time zone',
    { timeZone: 'Europe/Copenhagn', ...service({}) },
    ['timeZone: found "Europe/Copenhagn"', 'Did you mean "Europe/Copenhagen"'],
  ],
  ['a city for a time zone', { timeZone: 'new york', ...service({}) }, ['Did you mean "America/New_York"']],
  [
    'an offset for a time zone',
    { timeZone: '+01:00', ...service({}) },
    ['timeZone: found "+01:00"', 'an IANA time zone'],
  ],
  [
    'unknown country',
    { holidays: { country: 'Denmark' }, ...service({}) },
    ['holidays.country: found "Denmark"', 'Did you mean "DK"'],
  ],
  [
    'unknown state',
    { holidays: { country: 'DE', state: 'XX' }, ...service({}) },
    ['holidays.state: found "XX"', 'a known state'],
  ],
  [
    'bad date',
    { holidays: { dates: ['2026-02-30'] }, ...service({}) },
    ['holidays.dates[0]: found "2026-02-30"', 'a date of the calendar'],
  ],
  [
    'a window covered by one',
    windows({ name: 'all' }, { name: 'lunch', from: '12:00', to: '13:00' }),
    ['services.a.schedule[1]', '"lunch", which can never win: "all" above it covers', 'move "lunch" above "all"'],
  ],
  [
    'a window covered by two',
    windows({ days: 'weekdays' }, { days: 'weekends' }, { name: 'rest' }),
    ['"rest", which can never win: "window 1" and "window 2" above it cover'],
  ],
  ['holidays without holidays', windows({ days: 'holidays' }), ['services.a.schedule[0]', 'no holidays', '"country"']],
  [
    'from = to',
    windows({ from: '08:00', to: '08:00' }),
    ['services.a.schedule[0]: found from "08:00" to "08:00"', 'at least a minute'],
  ],
  ['bad time', windows({ from: '25:00' }), ['services.a.schedule[0].from: found "25:00"', '"00:00" to "24:00"']],
  [
    'unknown day word',
    windows({ days: 'weekday' }),
    ['services.a.schedule[0].days: found "weekday"', 'Did you mean "weekdays"'],
  ],
  [
    'unknown day in a list',
    windows({ days: ['mon', 'tueday'] }),
    ['services.a.schedule[0].days[1]: found "tueday"', 'Did you mean "tue"'],
  ],
  ['one day outside a list', windows({ days: 'monday' }), ['services.a.schedule[0].days: found "monday"', '["mon"]']],
  [
    'impossible size',
    service({ worker: { cpu: 1024, memoryMiB: 1024 } }),
    ['services.a.worker: found cpu 1024 with memoryMiB 1024', '512/1024 and 1024/2048'],
  ],
  [
    'impossible size in a window',
    windows({ worker: { cpu: 300, memoryMiB: 512 } }),
    ['services.a.schedule[0].worker', '256/512'],
  ],
  [
    'unknown policy',
    service({ policy: { type: 'sloo' } }),
    ['services.a.policy.type: found "sloo"', '"targetTracking"', 'Did you mean "slo"'],
  ],
  [
    'unknown member policy',
    service({ policy: { type: 'max', of: [{ type: 'targetTraking' }] } }),
    ['services.a.policy.of[0].type', 'Did you mean "targetTracking"'],
  ],
  ['policy without type', service({ policy: {} }), ['services.a.policy.type: found nothing', '"slo"']],
  [
    'target and perTask',
    service({ policy: { type: 'targetTracking', signals: [{ signal: 'cpu', target: 1, perTask: 1 }] } }),
    ['signals[0]: found both', 'exactly one'],
  ],
  [
    'overlapping steps',
    service({
      policy: {
        type: 'steps',
        signal: 'cpu',
        steps: [
          { from: 1, to: 5, by: 1 },
          { from: 3, by: 2 },
        ],
      },
    }),
    ['steps[1]', 'without overlap'],
  ],
  ['backlog without a target', service({ policy: { type: 'backlogPerTask' } }), ['services.a.policy: found neither']],
  [
    'vote of policies without a number',
    service({ policy: { type: 'vote', of: [{ type: 'slo' }] } }),
    ['services.a.policy.atLeast: found nothing'],
  ],
  [
    'a rate with neither side',
    service({ behavior: { scaleOut: { policies: [{ periodSeconds: 5 }] } } }),
    ['policies[0]: found neither'],
  ],
  [
    'same queue twice across services',
    { services: { a: { queue: { name: 'x' } }, b: { queue: { name: 'x' } } } },
    ['services.b.queue.name: found the queue "x"', 'service "a"'],
  ],
  [
    'a queue named like another service',
    { services: { a: {}, b: { queue: { name: 'a' } } } },
    ['services.b.queue.name'],
  ],
  [
    'same queue twice within',
    service({ queues: [{ name: 'x' }, { name: 'x' }] }),
    ['services.a.queues[1].name', 'another queue of this service'],
  ],
  [
    'queue and queues',
    service({ queue: { name: 'x' }, queues: [{ name: 'y' }] }),
    ['services.a: found both "queue" and "queues"'],
  ],
  [
    'slo without a queue',
    service({ queue: false, slo: { percent: 99 } }),
    ['services.a.slo', 'the promise counts the time that jobs wait in a queue'],
  ],
  [
    'policy slo without a queue',
    service({ queue: false, policy: { type: 'max', of: [{ type: 'slo' }] } }),
    ['services.a.policy: found the policy "slo" without a queue', 'the promise counts'],
  ],
  [
    'window policy slo without a queue',
    service({ queue: false, schedule: [{ policy: { type: 'slo' } }] }),
    ['services.a.schedule[0].policy'],
  ],
  [
    'unknown limit',
    { limits: { db: { total: 5 } }, ...service({ uses: { bd: 1 } }) },
    ['services.a.uses.bd', 'Did you mean "db"'],
  ],
  ['no limits at all', service({ uses: { db: 1 } }), ['services.a.uses.db', 'which has none', '"limits"']],
  [
    'bad duration',
    service({ events: [{ at: '2026-11-27', for: '2 hours', factor: 2 }] }),
    ['events[0].for: found "2 hours"', '"90s"'],
  ],
  [
    'an event without a load',
    service({ events: [{ at: '2026-11-27', for: '2h' }] }),
    ['events[0]: found neither "factor" nor "jobsPerMinute"', 'exactly one'],
  ],
  [
    'an event with two loads',
    service({ events: [{ at: '2026-11-27', for: '2h', factor: 2, jobsPerMinute: 60 }] }),
    ['events[0]: found both "factor" and "jobsPerMinute"', 'exactly one'],
  ],
  ['bad moment', service({ events: [{ at: 'friday', for: '2h', factor: 2 }] }), ['events[0].at: found "friday"']],
  [
    'bad fallback',
    service({ fallback: { afterMinutes: 5, count: 'curent' } }),
    ['fallback.count: found "curent"', 'Did you mean "current"'],
  ],
  [
    'bad report time',
    { report: { at: 'monday 7' }, ...service({}) },
    ['report.at: found "monday 7"', 'Did you mean "mon 07:00"'],
  ],
  [
    'everything at once, across fields too',
    {
      timeZone: 'x',
      services: {
        a: { tasks: { max: '5' }, uses: { db: 1 } },
        b: { queue: { name: 'a' }, polcy: {} },
        c: { queue: false, slo: {} },
      },
    },
    ['timeZone'],
    ['services.a.tasks.max'],
    ['services.a.uses.db'],
    ['services.b.queue.name'],
    ['services.b.polcy'],
    ['services.c.slo'],
  ],
];

it.each(cases.map(([name, input, ...lines]) => ({ name, input, lines })))('$name', ({ input, lines }) => {
  const parsed = parseConfig(input);
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  const found = parsed.issues.map(formatIssue).sort();
  expect(found, found.join('\n')).toHaveLength(lines.length);
  for (const parts of lines)
    expect(
      found.some((line) => parts.every((part) => line.includes(part))),
      `${parts} in\n${found.join('\n')}`,
    ).toBe(true);
  for (const { path, found: what, expected, mend } of parsed.issues)
    for (const part of [path, what, expected, mend]) expect(part).toMatch(/^[^\n]+$/);
});
