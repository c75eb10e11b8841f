import type { EpochSeconds, Seconds } from '../model/units.ts';
import type { WorkTotals } from './work-totals.ts';

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
