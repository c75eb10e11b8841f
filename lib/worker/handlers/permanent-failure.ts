import type { DeadLetterReason } from '../ports.ts';

/** Throw it from a handler when another try is in vain: the job goes to the dead-letter queue at once. */
export class PermanentFailure extends Error {
  readonly reason: DeadLetterReason;

  constructor(message: string, options: ErrorOptions & { readonly reason?: DeadLetterReason } = {}) {
    super(message, options);
    this.name = 'PermanentFailure';
    this.reason = options.reason ?? 'permanent';
  }
}
