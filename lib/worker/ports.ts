import type { EpochSeconds, Seconds } from '../model/units.ts';
import type { WorkTotals } from './beacon/work-totals.ts';
import type { Job, JobOutcome } from './job.ts';

/** A message as the worker takes it from a queue. Times in epoch seconds. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** String message attributes by name. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly sentAt: EpochSeconds;
  readonly firstReceivedAt: EpochSeconds;
  readonly receiveCount: number;
  readonly groupId?: string;
  /** With their types, where one of them is no String: what is sent on must keep them. */
  readonly typedAttributes?: Readonly<Record<string, MessageAttribute>>;
}

/** As SQS has it: `DataType` is String, Number or Binary, with or without a label behind a dot. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** A message as the worker sends it: to a dead-letter queue. */
export interface OutgoingMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** FIFO queues need both; a standard queue takes the group only. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

export interface ReceiveRequest {
  /** 1 to 10. */
  readonly max: number;
  readonly waitSeconds: Seconds;
  readonly visibilitySeconds: Seconds;
}

/** The message is no longer ours: its visibility ran out and somebody else has it, or it is gone. */
export class ReceiptLost extends Error {
  constructor(options?: ErrorOptions) {
    super('the receipt handle is no longer valid', options);
    this.name = 'ReceiptLost';
  }
}

/** SQS, as far as a worker needs it. Every call may reject; the caller retries. */
export interface QueuePort {
  receive(queueUrl: string, request: ReceiveRequest, signal: AbortSignal): Promise<readonly ReceivedMessage[]>;
  /** Up to 10 receipt handles. Returns those that were not deleted and are worth another try. */
  deleteBatch(queueUrl: string, receiptHandles: readonly string[]): Promise<readonly string[]>;
  /** @throws ReceiptLost when the message is not ours any more. */
  changeVisibility(queueUrl: string, receiptHandle: string, seconds: Seconds): Promise<void>;
  send(queueUrl: string, message: OutgoingMessage): Promise<void>;
  counts(queueUrl: string): Promise<QueueCounts>;
}

/** SQS' approximate counters. */
export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** How earlier deliveries of a message ended, as far as a worker lived to say so. */
export interface KnownDeliveries {
  /** The handler threw. */
  readonly failed: number;
  /** Given back unfinished or not even begun: a drain, a refused protection. */
  readonly released: number;
}

/**
 * What SQS' receive count does not tell: which deliveries ended with an outcome. Written only when one ends without
 * success and read only from the second delivery on, so a job that succeeds at once costs nothing.
 */
export interface DeliveryMarks {
  read(queue: string, messageId: string): Promise<KnownDeliveries>;
  /** `receiveCount` names the delivery: marking it twice counts once. */
  mark(queue: string, messageId: string, receiveCount: number, as: 'failed' | 'released'): Promise<void>;
}

/** Why a job goes to the dead-letter queue: the message attribute `dlqReason`. */
export type DeadLetterReason =
  /** Two deliveries ended without an outcome: their process died, or they timed out. */
  | 'poison'
  /** The handler threw on every try. */
  | 'retriesExhausted'
  /** The handler threw a `PermanentFailure`. */
  | 'permanent'
  | 'invalidPayload'
  | 'unknownType';

/** Whether a delivered job is to be run, as those who keep its record see it. */
export type BeginVerdict =
  | { readonly go: 'run' }
  /** The message is deleted without a run: the job is done already, cancelled, expired. */
  | { readonly go: 'skip'; readonly because: string }
  /** It comes back after so many seconds, and this delivery does not count: somebody else runs it now, say. */
  | { readonly go: 'later'; readonly seconds: Seconds }
  /** To the dead-letter queue without a run: an earlier delivery failed for good, and died before it could move it. */
  | { readonly go: 'deadLetter'; readonly reason: DeadLetterReason; readonly error: Error };

/** A delivery under way, as the lifecycle sees it. */
export interface RunningJob {
  /** Fires the handler's signal. However the handler ends then, its message is deleted, and neither success nor failure is told. */
  cancel(why: string): void;
  /** Resolves when the delivery is over, however it ended. */
  readonly ended: Promise<void>;
}

/**
 * Whoever keeps records of jobs (lib/jobs) follows them through here. Each call is awaited at its place, and a
 * rejection means that the step did not happen: the message then stays, and comes back later.
 */
export interface JobLifecycle {
  /** Before the handler, on each delivery. */
  begin(job: Job, running: RunningJob): Promise<BeginVerdict>;
  /** After the handler, before the message is deleted. */
  succeeded(job: Job, outcome: JobOutcome): Promise<void>;
  /** It will be tried again, after about so many seconds. */
  failedAttempt(job: Job, error: Error, retryAfterSeconds: Seconds): Promise<void>;
  /** Before the message is moved to the dead-letter queue. */
  failedForGood(job: Job, error: Error, reason: DeadLetterReason): Promise<void>;
  /** Given back unfinished, for another worker. */
  released(job: Job): Promise<void>;
}

/**
 * What became of a beat. `unknown`: it may have been applied, or not (a time-out, a broken connection, a 5xx answer).
 */
export type BeatOutcome = 'applied' | 'refused' | 'unknown';

/** The table, as far as a worker needs it. */
export interface BeaconPort {
  /** Adds the totals to the service's one item. Never rejects. */
  add(totals: WorkTotals, at: EpochSeconds): Promise<BeatOutcome>;
}

/** The table, as far as custom signals need it. */
export interface SignalPort {
  /** Adds this task's values to those of the others in the window that ends then. Never rejects. */
  add(values: Readonly<Record<string, number>>, windowEnd: EpochSeconds, periodSeconds: Seconds): Promise<BeatOutcome>;
}

export type ProtectionOutcome =
  | { readonly ok: true }
  /** `blocked`: ECS wants fewer tasks than are protected already, and refuses more protection. */
  | { readonly ok: false; readonly because: 'blocked' | 'failed'; readonly text: string };

/** The ECS agent beside the container. Absent outside ECS. */
export interface AgentPort {
  /** Never rejects. */
  protect(expiresInMinutes: number): Promise<ProtectionOutcome>;
  unprotect(): Promise<ProtectionOutcome>;
  /** When the task was created, as early as the metadata endpoint knows; undefined when it does not say. */
  createdAt(): Promise<EpochSeconds | undefined>;
}
