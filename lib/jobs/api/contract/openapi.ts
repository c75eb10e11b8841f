import * as z from 'zod';
import { createDocument, type ZodOpenApiObject, type ZodOpenApiResponseObject } from 'zod-openapi';
import { kinds, type ProblemCode } from '../http/problem.ts';
import {
  acceptedSchema,
  batchAnswerSchema,
  batchSchema,
  healthSchema,
  jobIdSchema,
  jobSchema,
  listQuerySchema,
  pageSchema,
  problemSchema,
  resultSchema,
  submitSchema,
  uploadAnswerSchema,
  uploadSchema,
  workflowSchema,
  workflowViewSchema,
} from './schemas.ts';

type Document = ReturnType<typeof createDocument>;

/** The API as an OpenAPI 3.1 document, made from the schemas that check its requests. The same at every stage. */
export const openApiDocument = (): Document => {
  // Answers may grow: a client must not refuse what it does not know.
  document ??= createDocument(description, {
    override: ({ jsonSchema, io }) => {
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return document;
};
let document: Document | undefined;

const json = (schema: z.ZodType) => ({ 'application/json': { schema } });
const answer = (text: string, schema: z.ZodType): ZodOpenApiResponseObject => ({
  description: text,
  content: json(schema),
});

const retryAfter = z.object({
  'retry-after': z.string().meta({ description: 'Seconds after which it is worth another try.' }),
});

const problems = (...codes: readonly ProblemCode[]): Record<`${4 | 5}${string}`, ZodOpenApiResponseObject> =>
  Object.fromEntries(
    [...Map.groupBy(codes, (code) => kinds[code].status)].map(([status, group]) => [
      String(status),
      {
        description: group.map((code) => `\`${code}\`: ${kinds[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: problemSchema } },
        ...((status === 429 || status === 503) && { headers: retryAfter }),
      },
    ]),
  );

const always = ['unauthenticated', 'rate-limited', 'internal', 'unavailable'] as const;
const withBody = ['bad-request', 'too-large', 'wrong-type', 'bad-content'] as const;
const jobPath = z.object({ jobId: jobIdSchema });
const secured = { security: [{ iam: [] }, { bearer: [] }, { apiKey: [] }] };

const description: ZodOpenApiObject = {
  openapi: '3.1.0',
  info: {
    title: 'Sluice job API',
    version: '1.0.0',
    description: 'Submit jobs, follow them, fetch their results. Errors are application/problem+json (RFC 9457).',
  },
  ...secured,
  paths: {
    '/jobs': {
      post: {
        operationId: 'submitJob',
        summary: 'Submit a job',
        requestParams: {
          header: z.object({
            'idempotency-key': z
              .string()
              .optional()
              .meta({ description: 'The same key is the same job: repeat a request that got no answer with it.' }),
          }),
        },
        requestBody: { required: true, content: json(submitSchema) },
        responses: {
          '202': answer('Accepted.', acceptedSchema),
          '200': answer('There already: by this key, or an equal job a moment ago.', acceptedSchema),
          ...problems(...always, ...withBody, 'key-reused', 'queue-full'),
        },
      },
      get: {
        operationId: 'listJobs',
        summary: 'Your jobs of one state',
        requestParams: { query: listQuerySchema },
        responses: { '200': answer('A page.', pageSchema), ...problems(...always, 'bad-request') },
      },
    },
    '/jobs/batch': {
      post: {
        operationId: 'submitJobs',
        summary: 'Submit several jobs; each is accepted or refused by itself',
        requestBody: { required: true, content: json(batchSchema) },
        responses: {
          '200': answer('One answer for each job.', batchAnswerSchema),
          ...problems(...always, ...withBody),
        },
      },
    },
    '/jobs/{jobId}': {
      get: {
        operationId: 'getJob',
        summary: 'State of a job',
        requestParams: { path: jobPath },
        responses: { '200': answer('The job.', jobSchema), ...problems(...always, 'bad-request', 'not-found') },
      },
    },
    '/jobs/{jobId}/result': {
      get: {
        operationId: 'getResult',
        summary: 'Result of a job: itself, or a URL to download it from',
        requestParams: { path: jobPath },
        responses: {
          '200': answer('The result.', resultSchema),
          ...problems(...always, 'bad-request', 'not-found', 'not-finished'),
        },
      },
    },
    '/jobs/{jobId}/cancel': {
      post: {
        operationId: 'cancelJob',
        summary: 'Take a job back; one that has ended stays as it is',
        requestParams: { path: jobPath },
        responses: {
          '200': answer('The job as it is now.', jobSchema),
          ...problems(...always, 'bad-request', 'not-found'),
        },
      },
    },
    '/workflows': {
      post: {
        operationId: 'submitWorkflow',
        summary: 'Submit many jobs, and one that begins when all of them have ended',
        requestBody: { required: true, content: json(workflowSchema) },
        responses: {
          '202': answer('Accepted.', workflowViewSchema),
          ...problems(...always, ...withBody, 'key-reused', 'queue-full'),
        },
      },
    },
    '/workflows/{workflowId}': {
      get: {
        operationId: 'getWorkflow',
        summary: 'State and progress of a workflow',
        requestParams: { path: z.object({ workflowId: jobIdSchema }) },
        responses: {
          '200': answer('The workflow.', workflowViewSchema),
          ...problems(...always, 'bad-request', 'not-found'),
        },
      },
    },
    '/uploads': {
      post: {
        operationId: 'createUpload',
        summary: 'Where to upload a payload that is too large for a request',
        requestBody: { required: true, content: json(uploadSchema) },
        responses: {
          '201': answer('PUT it there.', uploadAnswerSchema),
          ...problems(...always, ...withBody, 'not-found'),
        },
      },
    },
    '/health': {
      get: {
        operationId: 'getHealth',
        summary: 'Whether it answers',
        security: [],
        responses: { '200': answer('It does.', healthSchema) },
      },
    },
  },
  components: {
    securitySchemes: {
      iam: {
        type: 'apiKey',
        in: 'header',
        name: 'authorization',
        description: 'AWS Signature Version 4, service execute-api (stages with "auth": "iam").',
      },
      bearer: { type: 'http', scheme: 'bearer', description: 'An API key (stages with "auth": "key").' },
      apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'The same key.' },
    },
  },
};
