import * as z from 'zod';
import { jobStates } from '../../../model/job-record.ts';

// The requests and answers of the job API. What is checked, the OpenAPI document and the client's types come from here.

/** As long as a queue of Sluice keeps a message. */
const longestExpirySeconds = 345_600;
const jobIdForm = '1 to 128 letters, digits and . _ : -, the first none of . and :';

export const jobIdSchema = z
  .string({ error: jobIdForm })
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9._:-]{0,127}$/, { error: jobIdForm })
  .meta({ id: 'JobId', description: 'Chosen by the API when the job is accepted.', example: 'j01k2x5d7m9qz8' });

const typeForm = 'a job type of this API: 1 to 100 characters';
const expiryForm = `a whole number from 1 to ${longestExpirySeconds}`;

const submission = {
  type: z
    .string({ error: typeForm })
    .min(1, { error: typeForm })
    .max(100, { error: typeForm })
    .meta({ description: 'Which of the configured job types it is; the type decides the queue.', example: 'convert' }),
  payload: z
    .unknown()
    .optional()
    .meta({
      description: 'Any JSON that fits the type. The worker gets it as text.',
      example: { url: 'https://example.com/a.wav' },
    }),
  uploadId: z
    .string({ error: 'an id that POST /uploads gave' })
    .regex(/^[a-z0-9-]{36}$/, { error: 'an id that POST /uploads gave' })
    .optional()
    .meta({ description: 'Instead of `payload`: what was uploaded under this id.' }),
  expiresInSeconds: z
    .int({ error: expiryForm })
    .min(1, { error: expiryForm })
    .max(longestExpirySeconds, { error: expiryForm })
    .optional()
    .meta({ description: 'A job that has not begun by then expires. Default: 24 hours.' }),
  collapse: z
    .boolean({ error: 'true or false' })
    .optional()
    .meta({ description: 'false: a job of its own, even if an equal one was submitted a moment ago.' }),
  groupId: z
    .string({ error: '1 to 128 letters, digits and . _ : -' })
    .regex(/^[A-Za-z0-9._:-]{1,128}$/, { error: '1 to 128 letters, digits and . _ : -' })
    .optional()
    .meta({
      description: 'FIFO queues only: jobs of one group run one after the other. Default: each job for itself.',
    }),
};

/** An object that knows all its keys; for another one the message is the list of them. */
const strict = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? `one of ${Object.keys(shape).join(', ')}` : 'a JSON object'),
  });

export const submitSchema = strict(submission).meta({ id: 'SubmitJob' });

export const batchSchema = strict({
  jobs: z
    .array(
      strict({
        ...submission,
        idempotencyKey: z
          .string({ error: '1 to 255 visible ASCII characters' })
          .regex(/^[\x21-\x7e]{1,255}$/, { error: '1 to 255 visible ASCII characters' })
          .optional()
          .meta({ description: 'As the header Idempotency-Key of a single submission.' }),
      }),
      { error: 'a list of jobs' },
    )
    .min(1, { error: 'at least one job' }),
}).meta({ id: 'SubmitJobs' });

const part = () => strict({ type: submission.type, payload: submission.payload });

export const workflowSchema = strict({
  jobs: z
    .array(part(), { error: 'a list of jobs' })
    .min(1, { error: 'at least one job' })
    .meta({ description: 'They run side by side.' }),
  join: part().meta({ description: 'Begins once, when all of them have ended, well or badly.' }),
  expiresInSeconds: submission.expiresInSeconds,
}).meta({ id: 'SubmitWorkflow' });

const instant = (description: string) =>
  z.string().meta({ description, format: 'date-time', example: '2026-11-21T10:00:00.000Z' });

const stateSchema = z.enum(jobStates as unknown as readonly [string, ...string[]]).meta({
  id: 'JobState',
  description: '`done`, `failed`, `expired` and `cancelled` are final.',
});

export const jobSchema = z
  .object({
    jobId: jobIdSchema,
    type: z.string(),
    state: stateSchema,
    submittedAt: instant('When it was accepted.'),
    expiresAt: instant('When it expires if it has not begun.'),
    startedAt: instant('When a worker began it first.').optional(),
    finishedAt: instant('When it came to its final state.').optional(),
    attempts: z.int().meta({ description: 'Deliveries that began to run it.' }),
    estimatedStartAt: instant(
      'While it waits: when it should begin, by the model that scales the workers. Not a promise.',
    ).optional(),
    error: z
      .object({ name: z.string(), message: z.string() })
      .optional()
      .meta({ description: 'Of the last attempt that failed.' }),
    workflowId: z.string().optional(),
    links: z.object({ self: z.string(), result: z.string(), cancel: z.string() }),
  })
  .meta({ id: 'Job' });

export const acceptedSchema = jobSchema
  .extend({
    outcome: z.enum(['accepted', 'replayed', 'same']).meta({
      description:
        '`accepted`: a new job. `replayed`: this idempotency key was used before, for this same job. `same`: an equal job is there already.',
    }),
  })
  .meta({ id: 'AcceptedJob' });

export const problemSchema = z
  .object({
    type: z.string().meta({ example: 'urn:sluice:problem:rate-limited' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), found: z.string(), expected: z.string() })).optional(),
    retryAfterSeconds: z.int().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

export const batchAnswerSchema = z
  .object({
    jobs: z.array(z.union([acceptedSchema, problemSchema])).meta({ description: 'One answer for each job, in order.' }),
    accepted: z.int(),
    refused: z.int(),
  })
  .meta({ id: 'AcceptedJobs' });

export const resultSchema = z
  .union([
    z.object({
      jobId: jobIdSchema,
      result: z.unknown().meta({ description: 'What the worker returned; null when it returned nothing.' }),
    }),
    z.object({
      jobId: jobIdSchema,
      url: z.string().meta({ description: 'The result is large: download it from here.' }),
      bytes: z.int(),
      urlExpiresAt: instant('Until then the URL works.'),
    }),
  ])
  .meta({ id: 'JobResult' });

export const pageSchema = z
  .object({
    jobs: z.array(jobSchema),
    cursor: z.string().optional().meta({ description: 'For the next page. Absent: this was the last.' }),
  })
  .meta({ id: 'JobPage' });

export const uploadSchema = strict({
  bytes: z
    .int({ error: 'a whole number of bytes' })
    .min(1, { error: 'a whole number of bytes' })
    .meta({ description: 'Length of the payload that will be uploaded.' }),
}).meta({ id: 'NewUpload' });

export const uploadAnswerSchema = z
  .object({
    uploadId: z.string(),
    url: z
      .string()
      .meta({ description: 'PUT the payload here, as application/json, with exactly the announced length.' }),
    urlExpiresAt: instant('Until then the URL works.'),
  })
  .meta({ id: 'Upload' });

export const listQuerySchema = strict({
  state: z.enum(jobStates as unknown as readonly [string, ...string[]], { error: `one of ${jobStates.join(', ')}` }),
  limit: z.coerce
    .number({ error: 'a whole number from 1 to 100' })
    .int({ error: 'a whole number from 1 to 100' })
    .min(1, { error: 'a whole number from 1 to 100' })
    .max(100, { error: 'a whole number from 1 to 100' })
    .optional(),
  cursor: z.string().max(300, { error: 'the cursor of the page before' }).optional(),
  order: z.enum(['oldest', 'newest'], { error: 'oldest or newest' }).optional(),
});

export const workflowViewSchema = z
  .object({
    workflowId: z.string(),
    state: z.enum(['starting', 'running', 'joining', 'done', 'failed']).meta({
      description: '`joining`: all jobs have ended, the join job is on its way. `done` and `failed` are its end.',
    }),
    total: z.int(),
    done: z.int(),
    failed: z.int(),
    percent: z.int().meta({ description: 'Jobs that have ended.' }),
    estimatedEndAt: instant('When all jobs should have ended, if they go on as up to now.').optional(),
    startedAt: instant('When it was accepted.'),
    finishedAt: instant('When the join job ended.').optional(),
    joinJobId: jobIdSchema,
    links: z.object({ self: z.string(), join: z.string() }),
  })
  .meta({ id: 'Workflow' });

export const healthSchema = z.object({ status: z.literal('ok'), stage: z.string() }).meta({ id: 'Health' });

export type SubmitJob = z.output<typeof submitSchema>;
export type SubmitJobs = z.output<typeof batchSchema>;
export type JobView = z.output<typeof jobSchema>;
export type AcceptedJob = z.output<typeof acceptedSchema>;
export type JobResult = z.output<typeof resultSchema>;
export type JobPageView = z.output<typeof pageSchema>;
export type UploadView = z.output<typeof uploadAnswerSchema>;
export type SubmitWorkflow = z.output<typeof workflowSchema>;
export type WorkflowView = z.output<typeof workflowViewSchema>;
