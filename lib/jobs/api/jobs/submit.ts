import { createHash, randomUUID } from 'node:crypto';
import type { JobTypePlan } from '../../../model/job-api-plan.ts';
import type { Payload } from '../../../model/job-record.ts';
import type { NewJob } from '../../job-store.ts';
import { submitJob } from '../../submit-job.ts';
import type { Caller } from '../auth/caller.ts';
import type { AcceptedJob, SubmitJob } from '../contract/schemas.ts';
import { Problem } from '../http/problem.ts';
import { shown } from '../http/shown.ts';
import type { JobApiParts } from '../parts.ts';
import { jobView } from './job-view.ts';
import type { PayloadChecks } from './payload-checks.ts';

export interface Submission {
  readonly caller: Caller;
  readonly job: SubmitJob;
  readonly idempotencyKey?: string;
  /** Where in the request the job stands: `body`, `body.jobs[3]`. */
  readonly root: string;
}

/**
 * Takes one job in. Throws `Problem` for what does not fit, and when too many wait. The room in the queue is looked at
 * before the job is counted, so jobs that come at the same instant can pass the limit together: by their number at most.
 */
export const submit = async (
  parts: JobApiParts,
  checks: PayloadChecks,
  { caller, job, idempotencyKey, root }: Submission,
): Promise<AcceptedJob> => {
  const now = parts.clock.now();
  const type = typeOf(parts, job.type, root);
  const payload = await payloadOf(parts, checks, { caller, job, root });
  const jobId = idempotencyKey === undefined ? `j${randomUUID().replaceAll('-', '')}` : keyedId(caller, idempotencyKey);
  const wanted: NewJob = {
    jobId,
    tenant: caller.tenant,
    type: job.type,
    queue: type.queue,
    payload,
    submittedAt: now,
    expiresAt: now + (job.expiresInSeconds ?? parts.plan.expiresAfterSeconds),
    ...(job.groupId !== undefined && { groupId: job.groupId }),
  };
  const known = idempotencyKey === undefined ? undefined : await parts.store.get(wanted);
  const queued = await parts.store.backlog(type.queue);
  if (known === undefined && queued >= parts.plan.limits.queuedJobs) throw await queueFull(parts, type.queue, queued);
  const collapses = idempotencyKey === undefined && job.collapse !== false;
  const { outcome, record } = await submitJob(parts.store, parts.sender, wanted, now, {
    sameWithinSeconds: collapses ? parts.plan.sameWithinSeconds : 0,
  });
  if (outcome === 'conflict') throw keyReused(idempotencyKey ?? jobId);
  const waitSeconds =
    record.state === 'queued' ? await parts.forecast.startedAfter(type.queue, queued + 1, now) : undefined;
  return { ...jobView(record, now, waitSeconds), outcome: outcomes[outcome] };
};

const outcomes = { created: 'accepted', exists: 'replayed', same: 'same' } as const;

/** The same key of the same client is the same job, also in another instance and in a month. */
const keyedId = ({ tenant }: Caller, key: string): string =>
  `k${createHash('sha256')
    .update(JSON.stringify([tenant, key]))
    .digest('hex')
    .slice(0, 32)}`;

export const typeOf = ({ plan }: JobApiParts, name: string, root: string): JobTypePlan => {
  const type = Object.hasOwn(plan.types, name) ? plan.types[name] : undefined;
  if (type !== undefined) return type;
  const known = Object.keys(plan.types);
  throw new Problem('bad-content', 'This API has no such job type.', {
    issues: [{ path: `${root}.type`, found: shown(name), expected: `one of ${known.join(', ')}` }],
  });
};

const payloadOf = async (
  { plan, uploads }: JobApiParts,
  checks: PayloadChecks,
  { caller, job, root }: Pick<Submission, 'caller' | 'job' | 'root'>,
): Promise<string | Extract<Payload, { readonly s3Key: string }>> => {
  const { uploadId } = job;
  if (uploadId === undefined) {
    checks.check(job.type, job.payload ?? null, `${root}.payload`);
    return JSON.stringify(job.payload ?? null);
  }
  const bad = (found: string, expected: string): Problem =>
    new Problem('bad-content', 'The upload cannot be used.', {
      issues: [{ path: `${root}.uploadId`, found, expected }],
    });
  if (job.payload !== undefined) throw bad('a payload beside it', '"payload" or "uploadId"');
  const found = await uploads?.find(caller.tenant, uploadId);
  if (found === undefined) throw bad(shown(uploadId), 'an upload of yours that has arrived');
  if (found.bytes > plan.limits.uploadBytes) throw bad(`${found.bytes} bytes`, `at most ${plan.limits.uploadBytes}`);
  return found;
};

export const queueFull = async (
  { plan, forecast, clock }: JobApiParts,
  queue: string,
  queued: number,
): Promise<Problem> => {
  const { queuedJobs } = plan.limits;
  const seconds = await forecast.startedAfter(queue, queued - queuedJobs + 1, clock.now());
  return new Problem('queue-full', `${queued} jobs of this type's queue wait already, and ${queuedJobs} may.`, {
    retryAfterSeconds: seconds ?? 10,
    more: { queued, limit: queuedJobs },
  });
};

export const keyReused = (key: string): Problem =>
  new Problem('key-reused', 'This idempotency key was used for another job. A new job needs a new key.', {
    issues: [{ path: 'header.idempotency-key', found: shown(key), expected: 'the same type and payload as before' }],
  });
