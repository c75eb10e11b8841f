import type { EpochSeconds } from '../model/units.ts';
import type { ReceivedMessage } from './ports.ts';
import type { ReportSignals } from './signal-beacon.ts';

/** What a handler works on. */
export interface Job {
  /** The message attribute `jobId` when there is one, else the SQS message id. */
  readonly id: string;
  /** The queue's name in the config. */
  readonly queue: string;
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
}

/** Resolve: the job is done and its message deleted. Reject: it is tried again later, in the end by the dead-letter queue. */
export type JobHandler = (job: Job, context: JobContext) => Promise<void>;

export const jobOf = (message: ReceivedMessage, queue: string): Job => ({
  id: message.attributes.jobId ?? message.messageId,
  queue,
  body: message.body,
  attributes: message.attributes,
  sentAt: message.sentAt,
  receiveCount: message.receiveCount,
  ...(message.groupId === undefined ? {} : { groupId: message.groupId }),
});
