import { z } from 'zod';
import { fargateSizes, isFargateSize, nearestFargateSizes } from '../../config/fargate-sizes.ts';
import { isDate } from '../../config/moment.ts';
import { behaviorSchema } from '../../config/schema/behavior-schema.ts';
import {
  decimal,
  group,
  listOf,
  note,
  oneOf,
  type RuleBroken,
  rule,
  text,
  wholeNumber,
} from '../../config/schema/field.ts';
import { policySchema } from '../../config/schema/policy-schema.ts';
import { isTimeZone, nearestTimeZone } from '../../config/time-zones.ts';
import { instantOf } from './instant-of.ts';

// The shape of a recorded usage file. Times, gaps and sums across rows are checked by read-usage.ts.

const share = () => decimal(0, 1);
/** More than any of these is a slip of the unit or of the keyboard, and would drown every sum. */
const usdMax = 1_000_000;
const week = 7 * 86_400;
/** ECS runs at most so many tasks in a service. */
const tasksMax = 5000;
const instant = () => text('a time in UTC, like "2026-08-17T00:00Z"');
const region = () =>
  text('an AWS Region, like "us-east-1"', (value) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(value)).meta(note('Region.'));
const owner = () => text('a name').exactOptional().meta(note('Who is asked before anything changes.'));
const currency = () => oneOf(['USD']).meta(note('Only USD: sums over currencies would be wrong.'));

/** Rows of values, the first one the start of the hour. `null`: not known. */
const table = (columns: readonly [string, ...string[]]) =>
  group({
    columns: listOf(oneOf(['at', ...columns]), 'a list of column names that begins with "at"', 2),
    rows: z.array(
      z.array(z.union([z.string(), z.number(), z.null()], { error: 'a time, a number or null' }), {
        error: 'a list [at, value, …]',
      }),
      {
        error: 'a list of rows',
      },
    ),
  });

export const serviceColumns = [
  'tasks',
  'min',
  'onDemand',
  'jobs',
  'late',
  'failed',
  'cpuMeanPercent',
  'cpuP99Percent',
  'memoryMaxPercent',
] as const;

export const instanceColumns = [
  'running',
  'cpuMeanPercent',
  'cpuP99Percent',
  'memoryMaxPercent',
  'freeMemoryMinMiB',
  'swapMaxMiB',
  'connections',
  'evictions',
] as const;

/** The most that an hour of a column may hold. Percentages: of bursts, CloudWatch says a little more than 100. */
export const columnMax: Readonly<Record<(typeof serviceColumns | typeof instanceColumns)[number], number>> = {
  tasks: tasksMax,
  min: tasksMax,
  onDemand: tasksMax,
  jobs: 1e9,
  late: 1e9,
  failed: 1e9,
  running: 1,
  cpuMeanPercent: 200,
  cpuP99Percent: 200,
  memoryMaxPercent: 200,
  freeMemoryMinMiB: 1e8,
  swapMaxMiB: 1e8,
  connections: 1e8,
  evictions: 1e12,
};

const since = () =>
  text('a time in UTC, like "2026-08-17T00:00Z"', (value) => instantOf(value) !== undefined)
    .exactOptional()
    .meta(note('When it got its size: percentages from before are not used.'));

const notBelow = (high: string, highValue: number, low: string, lowValue: number): RuleBroken | undefined =>
  highValue >= lowValue
    ? undefined
    : {
        path: [high],
        found: `${highValue} s, below the ${low} of ${lowValue} s`,
        expected: `a number no smaller than the ${low}`,
        mend: 'Exchange the two, or leave both out.',
      };

const label = () => text('a name').exactOptional().meta(note('What to call it where the name alone is not unique.'));

const service = group({
  name: text('a name'),
  label: label(),
  region: region(),
  owner: owner(),
  architecture: oneOf(['x86', 'arm64']).default('x86'),
  cpu: wholeNumber(256, 16_384),
  memoryMiB: wholeNumber(512, 122_880),
  spotShare: share().default(0).meta(note('Share of the task-hours on Fargate Spot.')),
  publicIpv4: z.boolean({ error: 'true or false' }).default(false),
  slo: group({
    percent: decimal(1, 100),
    startWithinSeconds: decimal(0, 2 * week, { above: true }),
  }).exactOptional(),
  tasks: group({ min: wholeNumber(0, tasksMax).default(0), max: wholeNumber(0, tasksMax).default(10) }).prefault({}),
  scaling: z
    .discriminatedUnion(
      'by',
      [
        group({ by: z.literal('sluice'), policy: policySchema, behavior: behaviorSchema.prefault({}) }),
        group({ by: z.literal('other'), what: text('what sets the count') }),
      ],
      { error: '{ "by": "sluice", "policy": … } or { "by": "other", "what": … }' },
    )
    .exactOptional()
    .meta(note('What sets the count of tasks. Without it: Sluice, by its policy `slo`.')),
  sizeSince: since(),
  concurrency: wholeNumber(1, 1000).default(1),
  serviceSeconds: group({
    mean: decimal(0, week, { above: true }),
    p99: decimal(0, week, { above: true }),
  })
    .superRefine(rule(({ mean, p99 }) => notBelow('p99', p99, 'mean', mean)))
    .exactOptional(),
  startSeconds: group({
    median: decimal(0, 86_400, { above: true }).default(35),
    p95: decimal(0, 86_400, { above: true }).default(75),
  })
    .superRefine(rule(({ median, p95 }) => notBelow('p95', p95, 'median', median)))
    .prefault({}),
  interruptible: z.boolean({ error: 'true or false' }).default(false),
  multiArch: z.boolean({ error: 'true or false' }).exactOptional(),
  hourly: table(serviceColumns),
  arrivalsByMinute: z
    .array(wholeNumber(0), { error: 'a list of counts' })
    .exactOptional()
    .meta(note('Jobs by minute, up to `to`: what the simulator replays.')),
  overheads: z
    .array(group({ what: text('what it is'), usdPerHour: decimal(0, usdMax) }), { error: 'a list' })
    .exactOptional()
    .meta(note('What it costs beside its tasks, on average over the window.')),
}).superRefine(
  rule(({ cpu, memoryMiB, tasks }) => {
    if (tasks.min > tasks.max) {
      return {
        path: ['tasks', 'min'],
        found: `${tasks.min}, above the maximum of ${tasks.max}`,
        expected: 'a minimum no larger than `max`',
        mend: 'Exchange the two, or correct one.',
      };
    }
    if (isFargateSize({ cpu, memoryMiB })) return undefined;
    const near = nearestFargateSizes({ cpu, memoryMiB }).map((size) => `${size.cpu}/${size.memoryMiB}`);
    return {
      path: ['memoryMiB'],
      found: `${cpu} CPU units with ${memoryMiB} MiB`,
      expected: `one of the ${fargateSizes.length} Fargate sizes`,
      mend: `The nearest are ${near.join(' and ')}.`,
    };
  }),
);

const typeForms = {
  ec2: /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
  rds: /^db\.[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
  elasticache: /^cache\.[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
} as const;
const typeExamples = { ec2: 'm5.large', rds: 'db.r6g.large', elasticache: 'cache.t4g.small' } as const;

const instance = group({
  kind: oneOf(['ec2', 'rds', 'elasticache']),
  id: text('an id'),
  label: label(),
  region: region(),
  owner: owner(),
  type: text('an instance type'),
  engine: text('an engine, like "mysql", "redis" or "linux"'),
  multiAz: z.boolean({ error: 'true or false' }).default(false),
  nodes: wholeNumber(1, 500).default(1),
  sizeSince: since(),
  memoryMiB: wholeNumber(1).exactOptional(),
  maxConnections: wholeNumber(1).exactOptional(),
  hourly: table(instanceColumns),
}).superRefine(
  rule(({ kind, type }) =>
    typeForms[kind].test(type)
      ? undefined
      : {
          path: ['type'],
          found: JSON.stringify(type),
          expected: `an ${kind} type, like "${typeExamples[kind]}"`,
          mend: 'Take it from the Describe call of the service.',
        },
  ),
);

const orphan = group({
  id: text('an id'),
  what: text('what it is'),
  region: region(),
  owner: owner(),
  usdPerHour: decimal(0, usdMax),
  idleHours: wholeNumber(0),
  removeCommand: text('a command'),
});

const coverForms = {
  computeSavingsPlan: { form: /^(fargate|ec2)(\/|$)/, like: 'fargate/us-east-1', optional: true },
  ec2SavingsPlan: { form: /^ec2\/[^/]+\/[^/]+/, like: 'ec2/us-east-1/m5', optional: false },
  databaseSavingsPlan: { form: /^(rds|elasticache)(\/|$)/, like: 'rds/us-east-1', optional: true },
  reservation: { form: /^(ec2|rds|elasticache)\/[^/]+\/[^/]+/, like: 'rds/us-east-1/mysql/r6g', optional: false },
} as const;

const commitment = group({
  id: text('an id'),
  kind: oneOf(['computeSavingsPlan', 'ec2SavingsPlan', 'databaseSavingsPlan', 'reservation']),
  covers: text('what it covers, like "rds/us-east-1/mysql/r6g"').exactOptional(),
  years: z.union([z.literal(1), z.literal(3)], { error: '1 or 3' }),
  payment: oneOf(['none', 'partial', 'all']),
  feeUsdPerHour: decimal(0, usdMax),
  until: instant(),
}).superRefine(
  rule(({ kind, covers }) => {
    const wanted = coverForms[kind];
    if (covers === undefined ? wanted.optional : wanted.form.test(covers)) return undefined;
    return {
      path: ['covers'],
      found: covers === undefined ? 'nothing' : JSON.stringify(covers),
      expected: `what it covers, like "${wanted.like}"`,
      mend: 'Without it the fee is counted, and nobody knows what it pays for.',
    };
  }),
);

/** A usage file, version 1. */
export const usageFileSchema = group({
  version: z
    .literal(1, { error: '1' })
    .meta(note('Of this form. A file of another version is refused, not half understood.')),
  currency: currency(),
  timeZone: text('an IANA time zone, like "Europe/Copenhagen"', () => true).superRefine(
    rule((value) =>
      isTimeZone(value)
        ? undefined
        : {
            found: JSON.stringify(value),
            expected: 'an IANA time zone, like "Europe/Copenhagen"',
            mend: /^([A-Z]{0,5}|.*\d.*)$/.test(value)
              ? 'Write continent and city: abbreviations and offsets do not know when clocks change.'
              : `Did you mean "${nearestTimeZone(value)}"?`,
          },
    ),
  ),
  holidays: z.array(text('a date YYYY-MM-DD', isDate), { error: 'a list of dates' }).default([]),
  from: instant().meta(note('Start of the first hour.')),
  to: instant().meta(note('End of the last hour.')),
  services: z.array(service, { error: 'a list of services' }).default([]),
  instances: z.array(instance, { error: 'a list of instances' }).default([]),
  orphans: z.array(orphan, { error: 'a list' }).default([]),
  commitments: z.array(commitment, { error: 'a list of commitments' }).default([]),
  bill: z
    .array(group({ service: text('a name'), usd: decimal(0, 1000 * usdMax), currency: currency().default('USD') }), {
      error: 'a list',
    })
    .default([]),
  ownUsdPerMonth: decimal(0, usdMax).exactOptional().meta(note('What Sluice itself costs.')),
  unavailable: z
    .array(group({ source: text('a name'), because: text('a reason'), needs: text('what would mend it') }), {
      error: 'a list',
    })
    .default([]),
});

export type UsageFile = z.output<typeof usageFileSchema>;
