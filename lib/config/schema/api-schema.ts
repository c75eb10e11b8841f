import { z } from 'zod';
import { jobEndpoints } from '../../model/job-api-plan.ts';
import { durationForm, parseDuration } from '../duration.ts';
import { decimal, group, note, oneOf, record, rule, text, wholeNumber } from './field.ts';

/** A queue of Sluice keeps a message for four days; a job that lasts longer would outlive it. */
const longestExpirySeconds = 345_600;
const schemaForm = 'a JSON Schema (draft 2020-12) that the job API can check';

const duration = (most: number, mostText: string) => {
  const form = `${durationForm}, at most ${mostText}`;
  return text(form, (value) => (parseDuration(value) ?? Number.POSITIVE_INFINITY) <= most);
};

const bucket = (perSecond: number, burst: number, who: string) =>
  group({
    perSecond: decimal(0, 10_000, { above: true })
      .default(perSecond)
      .meta(note(`Requests of ${who}.`, { unit: 'a second' })),
    burst: wholeNumber(1, 100_000)
      .default(burst)
      .meta(note('As many at once after a pause.', { unit: 'requests' })),
  }).superRefine(
    rule(({ perSecond: rate, burst: most }) =>
      most >= rate / 10
        ? undefined
        : {
            path: ['burst'],
            found: `${most}, less than a tenth of a second's requests`,
            expected: `at least ${Math.ceil(rate / 10)}`,
            mend: 'Raise burst; twice perSecond is usual.',
          },
    ),
  );

const endpointLimit = () =>
  group({
    perSecond: decimal(0, 10_000, { above: true }).meta(note('Requests of each client there.', { unit: 'a second' })),
    burst: wholeNumber(1, 100_000).meta(note('As many at once after a pause.', { unit: 'requests' })),
  });

const limits = group({
  client: bucket(100, 200, 'each client; a batch counts its jobs')
    .prefault({})
    .meta(note('Each client, over all that it does.', { fallback: '100 a second, burst 200' })),
  address: bucket(200, 400, 'each address (an IPv6 network of 64 bits)')
    .prefault({})
    .meta(note('Each address, before anybody asks who it is.', { fallback: '200 a second, burst 400' })),
  endpoints: z
    .partialRecord(z.enum(jobEndpoints as unknown as readonly [string, ...string[]]), endpointLimit(), {
      error: `an object with ${jobEndpoints.join(', ')}`,
    })
    .exactOptional()
    .meta({
      ...note('Each client, at one endpoint.', { fallback: '`list`: 20 a second, burst 40' }),
      takes: `an object with any of ${jobEndpoints.join(', ')}`,
    }),
  queuedJobs: wholeNumber(1, 1_000_000)
    .default(1000)
    .meta(note('Jobs that wait in one queue; more are answered with 429.', { unit: 'jobs' })),
  bodyKiB: wholeNumber(1, 1024)
    .default(256)
    .meta(note('Largest body of a request.', { unit: 'KiB' })),
  uploadMiB: wholeNumber(1, 1024)
    .default(20)
    .meta(note('Largest payload that is uploaded by itself.', { unit: 'MiB' })),
  batchJobs: wholeNumber(1, 100)
    .default(25)
    .meta(note('Most jobs in a batch.', { unit: 'jobs' })),
});

const jobType = group({
  queue: text('the name of a queue of this config')
    .exactOptional()
    .meta(note('Where its jobs go.', { fallback: 'the queue that is called like the type' })),
  payload: z
    .record(z.string(), z.unknown(), { error: schemaForm })
    .superRefine(
      rule((schema) => {
        const fault = schemaFault(schema);
        return fault === undefined
          ? undefined
          : {
              found: fault,
              expected: schemaForm,
              mend: 'Correct the schema, or leave "payload" out to take any JSON.',
            };
      }),
    )
    .exactOptional()
    .meta({ ...note('What a payload must look like.', { fallback: 'any JSON' }), takes: schemaForm }),
});

const schemaFault = (schema: Readonly<Record<string, unknown>>): string | undefined => {
  try {
    z.fromJSONSchema(schema);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

export const apiSchema = () =>
  group({
    auth: oneOf(['iam', 'key'])
      .default('iam')
      .meta(note('How clients show who they are: AWS Signature Version 4, or keys that `sluice api-key` makes.')),
    types: record(jobType)
      .exactOptional()
      .meta(
        note('The job types that clients may submit, by name.', { fallback: 'one for each queue, called like it' }),
      ),
    limits: limits.prefault({}).meta(note('What clients may do.', { fallback: 'see its fields' })),
    expiresAfter: duration(longestExpirySeconds, '4d')
      .default('24h')
      .meta(note('A job that has not begun by then expires, unless its submitter says otherwise.')),
    sameWithin: z
      .union([z.literal(false), duration(604_800, '7d')], { error: `false, or ${durationForm}, at most 7d` })
      .default('10m')
      .meta({
        ...note('Equal jobs of one client within this time are one job; `false`: never.'),
        takes: `false, or ${durationForm}`,
      }),
    corsOrigins: z
      .array(
        text('an origin such as "https://example.com"', (value) => /^https?:\/\/[^/\s*]+$/.test(value)),
        { error: 'a list of origins' },
      )
      .default([])
      .meta({ ...note('Web pages whose scripts may call the API.'), takes: 'a list of origins' }),
  });

export type CheckedApi = z.output<ReturnType<typeof apiSchema>>;
