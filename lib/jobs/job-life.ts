import type { JobRecord } from '../model/job-record.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { childId } from './job-names.ts';
import type { JobRef } from './job-store.ts';
import { submitJob } from './submit-job.ts';
import type { JobError } from './transitions.ts';
import { settleWorkflow } from './workflow/settle-workflow.ts';
import { startWorkflow, type WorkflowParts } from './workflow/start-workflow.ts';
import type { PlannedJob } from './workflow/workflow.ts';

/** A message that a worker holds. */
export interface Delivery extends JobRef {
  readonly type: string;
  readonly queue: string;
  readonly body: string;
  readonly messageId: string;
  readonly messageSentAt: EpochSeconds;
  readonly groupId?: string;
}

export type Begun =
  | { readonly go: 'run'; readonly record: JobRecord }
  /** The message may go: the job has ended. */
  | { readonly go: 'skip'; readonly because: string }
  /** Another message of the same job is being worked on. */
  | { readonly go: 'later'; readonly seconds: Seconds }
  /** It failed for good, and whoever wrote that died before moving the message. */
  | { readonly go: 'deadLetter'; readonly reason: string; readonly error: JobError };

/** What a handler made of a job. */
export interface Success {
  readonly resultText?: string;
  readonly next?: readonly PlannedFollowUp[];
  readonly workflow?: { readonly parts: readonly PlannedJob[]; readonly join: PlannedJob };
}

export interface PlannedFollowUp extends PlannedJob {
  /** Default: its place. */
  readonly key?: string;
  readonly delaySeconds?: Seconds;
}

/** The records' side of a job's life, in the order of writes that docs/jobs.md explains. Each step may be repeated after a crash. */
export interface JobLife {
  begin(delivery: Delivery, now: EpochSeconds): Promise<Begun>;
  /** Before the message is deleted. */
  succeed(record: JobRecord, success: Success, now: EpochSeconds): Promise<void>;
  /** The message comes back. Without an error: given back unfinished. */
  retry(record: JobRecord, error: JobError | undefined, now: EpochSeconds): Promise<void>;
  /** Before the message is moved to the dead letters. */
  fail(record: JobRecord, error: JobError, reason: string, now: EpochSeconds): Promise<void>;
}

/** A second message looks again after that. */
const laterSeconds = 30;
/** Of what follows from a job. */
const lifeSeconds = 86_400;

export const jobLife = (parts: WorkflowParts): JobLife => {
  const { store, sender } = parts;

  const begin = async (delivery: Delivery, now: EpochSeconds): Promise<Begun> => {
    const applied = await store.apply(delivery, {
      kind: 'begin',
      at: now,
      messageId: delivery.messageId,
      messageSentAt: delivery.messageSentAt,
    });
    if (applied.outcome === 'unknown') {
      const record = await store.adopt(newJobOf(delivery, now), delivery.messageId);
      return record === undefined ? begin(delivery, now) : { go: 'run', record };
    }
    const { record } = applied;
    if (record.state === 'running') {
      return applied.outcome === 'applied' ? { go: 'run', record } : { go: 'later', seconds: laterSeconds };
    }
    // Whoever ended it may have died before the workflow heard of it.
    await settleWorkflow(parts, record, now);
    if (record.state === 'failed') {
      const { error = { name: 'Error', message: 'unknown' }, deadLetterReason = 'retriesExhausted' } = record;
      return { go: 'deadLetter', reason: deadLetterReason, error };
    }
    return { go: 'skip', because: record.state };
  };
  const publish = async (record: JobRecord, success: Success, now: EpochSeconds): Promise<void> => {
    const { next = [], workflow } = success;
    if (next.length === 0 && workflow === undefined) return;
    const { tenant, jobId } = record;
    const common = { tenant, parentId: jobId, submittedAt: now, expiresAt: now + lifeSeconds };
    for (const [place, { key, delaySeconds = 0, ...planned }] of next.entries()) {
      const job = { ...planned, ...common, jobId: childId(jobId, key ?? place) };
      await submitJob(store, sender, job, now, { delaySeconds });
    }
    if (workflow === undefined) return;
    const ref = { tenant, workflowId: childId(jobId, 'workflow') };
    await startWorkflow(parts, ref, { ...workflow, expiresAt: now + lifeSeconds }, now);
  };
  const end = async (record: JobRecord, event: Parameters<typeof store.apply>[1], now: EpochSeconds): Promise<void> => {
    const applied = await store.apply(record, event, record);
    if (applied.outcome !== 'unknown') await settleWorkflow(parts, applied.record, now);
  };

  return {
    begin,
    succeed: async (record, success, now) => {
      const { resultText } = success;
      const result = resultText === undefined ? undefined : await store.keepResult(record, resultText);
      await publish(record, success, now);
      await end(record, { kind: 'succeed', at: now, ...(result === undefined ? {} : { result }) }, now);
    },
    retry: async (record, error, now) => {
      await store.apply(record, { kind: 'retry', at: now, ...(error === undefined ? {} : { error }) }, record);
    },
    fail: (record, error, reason, now) => end(record, { kind: 'fail', at: now, error, reason }, now),
  };
};

const newJobOf = ({ messageSentAt, messageId: _, body, ...rest }: Delivery, now: EpochSeconds) => ({
  ...rest,
  payload: body,
  submittedAt: messageSentAt,
  expiresAt: now + lifeSeconds,
});
