import type { JobRecord } from '../../../model/job-record.ts';
import type { EpochSeconds, Seconds } from '../../../model/units.ts';
import type { JobSummary } from '../../job-store.ts';
import type { JobView } from '../contract/schemas.ts';

/** A record as its client sees it. `waitSeconds`: what a job submitted now would wait; only for jobs that wait. */
export const jobView = (record: JobRecord | JobSummary, now: EpochSeconds, waitSeconds?: Seconds): JobView => ({
  jobId: record.jobId,
  type: record.type,
  state: stateNow(record, now),
  submittedAt: isoTime(record.submittedAt),
  expiresAt: isoTime(record.expiresAt),
  ...(record.startedAt !== undefined && { startedAt: isoTime(record.startedAt) }),
  ...(record.finishedAt !== undefined && { finishedAt: isoTime(record.finishedAt) }),
  attempts: record.attempts,
  ...(waitSeconds !== undefined && { estimatedStartAt: isoTime(startOf(record, now, waitSeconds)) }),
  ...(record.error !== undefined && { error: record.error }),
  ...(record.workflowId !== undefined && { workflowId: record.workflowId }),
  links: linksOf(record.jobId),
});

/** Still called queued in the table until somebody looks: it will not run any more. */
const stateNow = ({ state, attempts, expiresAt }: JobSummary, now: EpochSeconds): JobSummary['state'] =>
  state === 'queued' && attempts === 0 && expiresAt <= now ? 'expired' : state;

/**
 * A queue is first in, first out, more or less: a job that has waited begins before one that comes now, about when it
 * was due from its own beginning.
 */
const startOf = ({ submittedAt }: JobSummary, now: EpochSeconds, waitSeconds: Seconds): EpochSeconds =>
  Math.max(now, submittedAt + waitSeconds);

const linksOf = (jobId: string): JobView['links'] => {
  const self = `/jobs/${encodeURIComponent(jobId)}`;
  return { self, result: `${self}/result`, cancel: `${self}/cancel` };
};

export const isoTime = (at: EpochSeconds): string => new Date(Math.round(at * 1000)).toISOString();
