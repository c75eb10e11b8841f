import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { JobEndpoint } from '../../model/job-api-plan.ts';
import type { JobState } from '../../model/job-record.ts';
import { settleWorkflow } from '../workflow/settle-workflow.ts';
import type { Caller, Origin } from './auth/caller.ts';
import { openApiDocument } from './contract/openapi.ts';
import {
  batchSchema,
  type JobPageView,
  jobIdSchema,
  listQuerySchema,
  submitSchema,
  type UploadView,
  uploadSchema,
  workflowSchema,
} from './contract/schemas.ts';
import { check } from './http/check.ts';
import { idempotencyKeyOf } from './http/idempotency-key.ts';
import { Problem, problemBody, problemHeaders } from './http/problem.ts';
import { queryOf } from './http/query.ts';
import { readJson } from './http/read-json.ts';
import { toProblem } from './http/to-problem.ts';
import { jobOf, noSuchJob, resultOf, viewOf } from './jobs/find-job.ts';
import { isoTime, jobView } from './jobs/job-view.ts';
import { payloadChecks } from './jobs/payload-checks.ts';
import { submit } from './jobs/submit.ts';
import { submitBatch } from './jobs/submit-batch.ts';
import { urlSeconds } from './jobs/uploads.ts';
import { findWorkflow, submitWorkflow } from './jobs/workflows.ts';
import { admitAddress, admitCaller } from './limit/admission.ts';
import type { JobApiParts } from './parts.ts';

/** Takes a request and where it came from, and always resolves with an answer. */
export type JobApi = (request: Request, origin: Origin) => Promise<Response>;

/** The job API as plain HTTP, without a gateway around it: docs/job-api.md. */
export const createJobApi = (parts: JobApiParts): JobApi => {
  const app = new Hono<Env>({ strict: true });
  const checks = payloadChecks(parts.plan.types);
  const { limits } = parts.plan;

  app.get('/health', (context) => context.json({ status: 'ok', stage: parts.stage }));

  app.use('*', async (context, next) => {
    await admitAddress(parts, context.env.origin);
    await next();
  });
  app.get('/openapi.json', (context) => context.json(openApiDocument()));

  const ask = (context: Ask) => parts.authenticate(context.req.raw, context.env.origin, parts.clock.now());
  const enter = async (context: Ask, endpoint: JobEndpoint): Promise<Caller> => {
    const caller = await ask(context);
    await admitCaller(parts, caller, endpoint, 1);
    return caller;
  };

  app.post('/jobs', async (context) => {
    const caller = await enter(context, 'submit');
    const job = check(submitSchema, await readJson(context.req.raw, limits.bodyBytes), 'body');
    const idempotencyKey = idempotencyKeyOf(context.req.raw.headers);
    const accepted = await submit(parts, checks, {
      caller,
      job,
      root: 'body',
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    });
    const status = accepted.outcome === 'accepted' ? 202 : 200;
    return context.json(accepted, status, { location: accepted.links.self });
  });

  app.post('/jobs/batch', async (context) => {
    const caller = await enter(context, 'submit');
    const { jobs } = check(batchSchema, await readJson(context.req.raw, limits.bodyBytes), 'body');
    refuseLongList(limits.batchJobs, jobs.length);
    if (jobs.length > 1) await admitCaller(parts, caller, 'submit', jobs.length - 1);
    return context.json(await submitBatch(parts, checks, caller, jobs), 200);
  });

  app.get('/jobs', async (context) => {
    const caller = await enter(context, 'list');
    const query = check(listQuerySchema, queryOf(context.req.raw), 'query');
    const { jobs, cursor } = await parts.store.list(caller.tenant, query.state as JobState, {
      limit: query.limit ?? 50,
      newestFirst: query.order === 'newest',
      ...(query.cursor !== undefined && { cursor: query.cursor }),
    });
    const now = parts.clock.now();
    const page: JobPageView = {
      jobs: jobs.map((job) => jobView(job, now)),
      ...(cursor !== undefined && { cursor }),
    };
    return context.json(page);
  });

  app.get('/jobs/:jobId', async (context) => {
    const caller = await enter(context, 'status');
    return context.json(await viewOf(parts, await jobOf(parts, caller, context.req.param('jobId'))));
  });

  app.get('/jobs/:jobId/result', async (context) => {
    const caller = await enter(context, 'result');
    return context.json(await resultOf(parts, await jobOf(parts, caller, context.req.param('jobId'))));
  });

  app.post('/jobs/:jobId/cancel', async (context) => {
    const caller = await enter(context, 'cancel');
    const job = await jobOf(parts, caller, context.req.param('jobId'));
    const applied = await parts.store.apply(job, { kind: 'cancel', at: parts.clock.now() }, job);
    if (applied.outcome === 'unknown') throw noSuchJob();
    await settleWorkflow(parts, applied.record, parts.clock.now());
    // Cancelled twice is cancelled. What has ended otherwise stays as it is, and the answer says how.
    return context.json(await viewOf(parts, applied.record));
  });

  app.post('/workflows', async (context) => {
    const caller = await enter(context, 'workflow');
    const wanted = check(workflowSchema, await readJson(context.req.raw, limits.bodyBytes), 'body');
    refuseLongList(limits.batchJobs, wanted.jobs.length);
    await admitCaller(parts, caller, 'submit', wanted.jobs.length);
    const key = idempotencyKeyOf(context.req.raw.headers);
    const view = await submitWorkflow(parts, checks, caller, wanted, key);
    return context.json(view, 202, { location: view.links.self });
  });

  app.get('/workflows/:workflowId', async (context) => {
    const caller = await enter(context, 'workflow');
    const workflowId = check(jobIdSchema, context.req.param('workflowId'), 'path.workflowId');
    return context.json(await findWorkflow(parts, caller, workflowId));
  });

  app.post('/uploads', async (context) => {
    const caller = await enter(context, 'upload');
    const { bytes } = check(uploadSchema, await readJson(context.req.raw, limits.bodyBytes), 'body');
    if (parts.uploads === undefined) throw new Problem('not-found', 'This stage has no bucket for uploads.');
    if (bytes > limits.uploadBytes) {
      throw new Problem('too-large', `An upload may have ${limits.uploadBytes} bytes.`, {
        issues: [{ path: 'body.bytes', found: String(bytes), expected: `at most ${limits.uploadBytes}` }],
      });
    }
    const uploadId = randomUUID();
    const view: UploadView = {
      uploadId,
      url: await parts.uploads.uploadUrl(caller.tenant, uploadId, bytes),
      urlExpiresAt: isoTime(parts.clock.now() + urlSeconds),
    };
    return context.json(view, 201);
  });

  for (const [path, methods] of Object.entries(allowed)) {
    app.all(path, () => {
      throw new Problem('method-not-allowed', `Here works ${methods}.`, { more: { allow: methods } });
    });
  }
  app.notFound(() => {
    throw new Problem('not-found', 'There is nothing at this address. GET /openapi.json lists what there is.');
  });
  app.onError((error) => answer(parts, error));

  return async (request, origin) => {
    const response = await app.fetch(request, { origin });
    for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value);
    return response;
  };
};

const refuseLongList = (most: number, jobs: number): void => {
  if (jobs <= most) return;
  throw new Problem('too-large', `A request may have ${most} jobs.`, {
    issues: [{ path: 'body.jobs', found: `${jobs} jobs`, expected: `at most ${most}` }],
  });
};

interface Env {
  readonly Bindings: { readonly origin: Origin };
}
type Ask = Context<Env>;

const allowed: Readonly<Record<string, string>> = {
  '/health': 'GET',
  '/openapi.json': 'GET',
  '/jobs': 'GET, POST',
  '/jobs/batch': 'POST',
  '/jobs/:jobId': 'GET',
  '/jobs/:jobId/result': 'GET',
  '/jobs/:jobId/cancel': 'POST',
  '/uploads': 'POST',
  '/workflows': 'POST',
  '/workflows/:workflowId': 'GET',
};

/** What an API that no page is to show, frame or cache can say. */
const securityHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};

const answer = (parts: JobApiParts, error: unknown): Response => {
  const problem = toProblem(error);
  if (problem.status >= 500) parts.onError(error);
  return new Response(JSON.stringify(problemBody(problem)), {
    status: problem.status,
    headers: {
      ...problemHeaders(problem),
      ...(typeof problem.more.allow === 'string' && { allow: problem.more.allow }),
    },
  });
};
