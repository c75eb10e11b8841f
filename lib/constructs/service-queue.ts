import type * as sqs from 'aws-cdk-lib/aws-sqs';

/** A queue of a service, under the name that the plan gives it. */
export interface ServiceQueue {
  readonly name: string;
  readonly queue: sqs.IQueue;
  /** @default - none that Sluice knows of */
  readonly deadLetterQueue?: sqs.IQueue;
}
