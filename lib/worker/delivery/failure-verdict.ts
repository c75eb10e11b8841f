import type { DeadLetterReason } from '../ports.ts';

/** What is known of a message's deliveries before this one. */
export interface EarlierDeliveries {
  /** The handler threw. */
  readonly failed: number;
  /** Nobody said how they ended: the process died, or the job timed out. */
  readonly unfinished: number;
}

/** Requirements 5: the second delivery without an outcome is the last. */
export const unfinishedMax = 2;

/** How this delivery ended: an error that another try may mend, one that none will, or no outcome in time. */
export type FailureKind = 'error' | 'timeout' | DeadLetterReason;

/** Whether a job that failed is tried again; undefined: yes. */
export const failureVerdict = (
  kind: FailureKind,
  earlier: EarlierDeliveries,
  retries: number,
): DeadLetterReason | undefined => {
  if (kind === 'timeout') return earlier.unfinished + 1 >= unfinishedMax ? 'poison' : undefined;
  if (kind === 'error') return earlier.failed >= retries ? 'retriesExhausted' : undefined;
  return kind;
};
