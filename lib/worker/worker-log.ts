import type { EpochSeconds, Seconds } from '../model/units.ts';
import type { DeadLetterReason } from './ports.ts';

/** One per finished job; the local run and the cost report read it (docs/architecture.md, "Worker log"). */
export interface JobLine {
  readonly sluice: 'job';
  readonly service: string;
  readonly queue: string;
  readonly jobId: string;
  readonly jobType?: string;
  readonly sentAt: EpochSeconds;
  readonly startedAt: EpochSeconds;
  /** From sent to the first start: a later try does not make a job late that once began in time. */
  readonly waitSeconds: Seconds;
  readonly serviceSeconds: Seconds;
  readonly late: boolean;
  readonly outcome: 'done' | 'failed';
  /** Failed for good, and moved to the dead-letter queue. */
  readonly deadLetterReason?: DeadLetterReason;
  readonly receiveCount: number;
}

export type LifeEvent =
  | 'ready'
  | 'stopping'
  | 'stopped'
  | 'protected'
  | 'unprotected'
  | 'protectionRefused'
  | 'receiveFailed'
  | 'memoryGuard'
  | 'health'
  | 'jobFailed'
  | 'jobLost'
  | 'jobReleased'
  | 'jobSkipped'
  | 'jobPutOff'
  | 'jobAbandoned'
  | 'noDeadLetterQueue'
  | 'marksFailed'
  | 'recordFailed'
  | 'extendFailed'
  | 'releaseFailed'
  | 'deleteFailed'
  | 'beatDropped'
  | 'beatRefused'
  | 'signalRefused'
  | 'signalsDropped';

/** Something in the worker's life that somebody may look for. */
export interface LifeLine {
  readonly sluice: LifeEvent;
  readonly service: string;
  readonly at: EpochSeconds;
  readonly [detail: string]: unknown;
}

export type WorkerLog = (line: JobLine | LifeLine) => void;
/** `WorkerLog` with service and time filled in. */
export type LifeLog = (event: LifeEvent, details?: Readonly<Record<string, unknown>>) => void;

export const writeToStdout: WorkerLog = (line) => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

export const errorText = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
