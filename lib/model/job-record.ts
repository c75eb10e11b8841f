import type { EpochSeconds } from './units.ts';

/** Every accepted job is in exactly one of these. The last four are final: a record never leaves them, but for a redrive (failed → queued). */
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'expired' | 'cancelled';

export const jobStates: readonly JobState[] = ['queued', 'running', 'done', 'failed', 'expired', 'cancelled'];

export const isFinal = (state: JobState): boolean => state !== 'queued' && state !== 'running';

/** A text that is small enough to stand in the record, or where it lies in the stage's job bucket. */
export type Payload = { readonly inline: string } | { readonly s3Key: string; readonly bytes: number };

/**
 * One accepted job in the jobs table (docs/architecture.md). Written by whoever accepts it (job API, a handler that
 * chains, a workflow) before its message is sent, and by the worker when it begins and ends it. Times in epoch seconds.
 */
export interface JobRecord {
  /** Chosen by whoever accepts the job; the message attribute `jobId` carries it. */
  readonly jobId: string;
  /** Whose it is. `-` where nobody says. */
  readonly tenant: string;
  readonly type: string;
  /** The queue's name in the config. */
  readonly queue: string;
  readonly state: JobState;
  readonly payload: Payload;
  readonly submittedAt: EpochSeconds;
  /** From then on a job that has not started is expired, not run. */
  readonly expiresAt: EpochSeconds;
  readonly startedAt?: EpochSeconds;
  readonly finishedAt?: EpochSeconds;
  /** Deliveries that began to run it. */
  readonly attempts: number;
  readonly result?: Payload;
  /** The delivery that runs or ran it last: its SQS message, and when it began. Tells a second message from a second delivery. */
  readonly deliveryMessageId?: string;
  readonly deliveryBegunAt?: EpochSeconds;
  /** Why it went to the dead letters: the message attribute `dlqReason`. */
  readonly deadLetterReason?: string;
  /** Of the last attempt that failed. */
  readonly error?: { readonly name: string; readonly message: string };
  /** Hash of type and payload, when equal jobs collapse. */
  readonly contentHash?: string;
  readonly workflowId?: string;
  /** When its message was sent to the queue. Absent: nobody knows that it was, and the sweeper sends it. */
  readonly sentAt?: EpochSeconds;
  /** FIFO queues only. */
  readonly groupId?: string;
  /** The job whose handler returned this one. */
  readonly parentId?: string;
  /** How often it came back from the dead letters. */
  readonly redrives?: number;
  /** Part of every condition: who read an older one does not write. */
  readonly version: number;
}
