import type { JobRecord, JobState, Payload } from '../model/job-record.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import type { JobEvent } from './transitions.ts';

export interface JobRef {
  readonly tenant: string;
  readonly jobId: string;
}

/** A job that somebody wants done. Of a payload that is text up to 100 KB stand in the record, more lies in the bucket. */
export interface NewJob extends JobRef {
  readonly type: string;
  readonly queue: string;
  /** Text, or where it lies already. */
  readonly payload: string | Extract<Payload, { readonly s3Key: string }>;
  readonly submittedAt: EpochSeconds;
  readonly expiresAt: EpochSeconds;
  readonly workflowId?: string;
  readonly groupId?: string;
  readonly parentId?: string;
}

export interface AcceptOptions {
  /** Equal jobs (tenant, queue, type, payload) of that many seconds collapse into the first. Absent or 0: they do not. */
  readonly sameWithinSeconds?: Seconds;
}

/**
 * What became of a submission.
 * - `created`: the record is new; its message must be sent now, and `sent` marked.
 * - `exists`: the id was accepted before with the same content. Send its message when the record has no `sentAt`.
 * - `same`: an equal job is on its way or done already, under the id of the record. As with `exists`, send when unsent.
 * - `conflict`: the id stands for another job.
 */
export interface Accepted {
  readonly outcome: 'created' | 'exists' | 'same' | 'conflict';
  readonly record: JobRecord;
}

/** `applied`: the record is now this. `refused`: its state does not allow it, or has it already. `unknown`: there is no such job. */
export type Applied =
  | { readonly outcome: 'applied'; readonly record: JobRecord }
  | { readonly outcome: 'refused'; readonly record: JobRecord }
  | { readonly outcome: 'unknown' };

/** A record as a list shows it. */
export type JobSummary = Omit<JobRecord, 'payload' | 'result'>;

export interface JobPage {
  readonly jobs: readonly JobSummary[];
  /** For the next page. Absent: this was the last. */
  readonly cursor?: string;
}

/** The records of accepted jobs. Every call may reject and may be repeated: nothing counts twice. */
export interface JobStore {
  /** @throws BadInput for a tenant or an id that cannot be a key, and for a payload that has no place. */
  accept(job: NewJob, options?: AcceptOptions): Promise<Accepted>;
  /**
   * Lets an event happen to a job (`lib/jobs/transitions.ts` says what follows). With `known`, what was read or
   * written last, one write suffices.
   */
  apply(ref: JobRef, event: JobEvent, known?: JobRecord): Promise<Applied>;
  /** A job whose message came without a record: it gets one, running. `undefined`: there is one by now. */
  adopt(job: NewJob, messageId: string): Promise<JobRecord | undefined>;
  /** Strongly consistent. */
  get(ref: JobRef): Promise<JobRecord | undefined>;
  /**
   * Jobs of one state, oldest first unless `newestFirst`; a write shows after a moment only. A cursor of another
   * tenant or state is of no use to anybody: it only says where in this list to go on.
   * @throws BadInput for a cursor that is none.
   */
  list(tenant: string, state: JobState, page?: ListOptions): Promise<JobPage>;
  /** The text of a payload or a result, wherever it lies. */
  read(payload: NonNullable<JobRecord['result']>): Promise<string>;
  /** Puts a result where it belongs by its size; the answer goes into the `succeed` event. */
  keepResult(ref: JobRef, text: string): Promise<NonNullable<JobRecord['result']>>;
  /** Accepted and not yet begun. A count that a crash may put off by one; the sweeper mends it. Never below 0. */
  backlog(queue: string): Promise<number>;
  /** Says what the count really is. */
  mendBacklog(queue: string, queued: number): Promise<void>;
  /** Everybody who ever had a job accepted here. */
  tenants(): Promise<readonly string[]>;
}

export interface ListOptions {
  /** Default 50, at most 500. */
  readonly limit?: number;
  readonly cursor?: string;
  readonly newestFirst?: boolean;
}
