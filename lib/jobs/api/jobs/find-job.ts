import { isFinal, type JobRecord } from '../../../model/job-record.ts';
import type { Caller } from '../auth/caller.ts';
import { type JobResult, type JobView, jobIdSchema } from '../contract/schemas.ts';
import { check } from '../http/check.ts';
import { Problem } from '../http/problem.ts';
import type { JobApiParts } from '../parts.ts';
import { isoTime, jobView } from './job-view.ts';
import { urlSeconds } from './uploads.ts';

/** A job of another tenant is as unknown as one that never was. */
export const jobOf = async ({ store }: JobApiParts, { tenant }: Caller, jobId: string): Promise<JobRecord> => {
  const ref = { tenant, jobId: check(jobIdSchema, jobId, 'path.jobId') };
  const record = await store.get(ref);
  if (record === undefined) throw noSuchJob();
  return record;
};

export const noSuchJob = (): Problem => new Problem('not-found', 'You have no such job.');

export const viewOf = async ({ store, forecast, clock }: JobApiParts, record: JobRecord): Promise<JobView> => {
  const now = clock.now();
  if (record.state !== 'queued') return jobView(record, now);
  const ahead = await store.backlog(record.queue);
  return jobView(record, now, await forecast.startedAfter(record.queue, Math.max(1, ahead), now));
};

export const resultOf = async (parts: JobApiParts, record: JobRecord): Promise<JobResult> => {
  const { jobId, state, result, error } = record;
  if (state !== 'done') {
    throw new Problem('not-finished', isFinal(state) ? `The job is ${state}.` : `The job is still ${state}.`, {
      more: { state, ...(error !== undefined && { error }) },
    });
  }
  if (result === undefined || 'inline' in result) return { jobId, result: result ? parsed(result.inline) : null };
  if (parts.uploads === undefined) throw new Error('a result lies in a bucket that this function does not know');
  return {
    jobId,
    url: await parts.uploads.downloadUrl(result.s3Key),
    bytes: result.bytes,
    urlExpiresAt: isoTime(parts.clock.now() + urlSeconds),
  };
};

/** Workers return text; most of it is JSON. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
