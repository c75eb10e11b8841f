import type { EpochSeconds, Seconds } from '../model/units.ts';
import type { ReportSignals } from './beacon/signal-beacon.ts';
import type { Downstream } from './downstream/downstream.ts';
import type { ReceivedMessage } from './ports.ts';

/** What a handler works on. */
export interface Job {
  /** The message attribute `jobId` when there is one, else the SQS message id. */
  readonly id: string;
  readonly messageId: string;
  /** The queue's name in the config. */
  readonly queue: string;
  /** The message attribute `jobType`. */
  readonly type?: string;
  /** The payload as text, fetched already where the message only says where it lies. */
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sentAt: EpochSeconds;
  /** 1 on the first try. */
  readonly receiveCount: number;
  readonly groupId?: string;
}

export interface JobContext {
  /**
   * Fires when the work is in vain: the message was lost to another worker, or the task must stop now. A handler
   * that passes it on to its own calls ends at once; what it does afterwards no longer counts.
   */
  readonly signal: AbortSignal;
  /** Tells the scaler a custom signal: `report('cacheHitPercent', 93)`, or several at once. */
  readonly report: ReportSignals;
  /** Something that the task depends on: `await downstream('api').run((signal) => fetch(url, { signal }))`. */
  readonly downstream: (name: string) => Downstream;
  /**
   * Does something that must take effect once, and gives what it gave (through JSON) whenever this job comes to it
   * again: `await context.once('charge', (key) => pay({ idempotencyKey: key }))`. A worker that dies between the effect
   * and the note of it has it done again, with the same key. Needs job records (`worker.jobs`).
   */
  readonly once: <T>(key: string, effect: (idempotencyKey: string) => Promise<T>) => Promise<T>;
}

/** A job that follows from one that is done. Needs job records. */
export interface NextJob {
  /** The queue's name in the config. */
  readonly queue: string;
  readonly type?: string;
  /** Text as it is, anything else as JSON. */
  readonly payload: unknown;
  /** Tells the jobs apart that follow from the same one: their ids derive from its id and this. Default: their place. */
  readonly key?: string;
  readonly delaySeconds?: Seconds;
  /** For a FIFO queue. Default: a group of its own. */
  readonly groupId?: string;
}

/** What a handler may return. Both need job records (`worker.jobs`). */
export interface JobOutcome {
  /** Kept with the record: text as it is, anything else as JSON. */
  readonly result?: unknown;
  readonly next?: readonly NextJob[];
  /** Many jobs, and one that starts when all of them have ended, well or badly. */
  readonly workflow?: { readonly parts: readonly NextJob[]; readonly join: NextJob };
}

/**
 * Resolve: the job is done and its message deleted. Reject: it is tried again later, or, after the last try or with a
 * `PermanentFailure`, moved to the dead-letter queue.
 */
export type JobHandler = (job: Job, context: JobContext) => Promise<JobOutcome | undefined> | Promise<void>;

export const jobOf = (message: ReceivedMessage, queue: string): Job => ({
  id: message.attributes.jobId ?? message.messageId,
  messageId: message.messageId,
  queue,
  ...(message.attributes.jobType === undefined ? {} : { type: message.attributes.jobType }),
  body: message.body,
  attributes: message.attributes,
  sentAt: message.sentAt,
  receiveCount: message.receiveCount,
  ...(message.groupId === undefined ? {} : { groupId: message.groupId }),
});
