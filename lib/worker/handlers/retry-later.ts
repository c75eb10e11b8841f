import type { Seconds } from '../../model/units.ts';

/**
 * Throw it from a handler that cannot do its work now through no fault of the job: the message goes back, comes again
 * after about so many seconds (twice as many with each delivery), and the delivery counts neither as failed nor as
 * poison. SQS' own limit of receives stays as the net.
 */
export class RetryLater extends Error {
  readonly seconds: Seconds;

  constructor(message: string, seconds: Seconds, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RetryLater';
    this.seconds = seconds;
  }
}
