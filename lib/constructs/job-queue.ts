import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface JobQueueProps {
  /**
   * A FIFO queue's must end in `.fifo`.
   * @default - CloudFormation chooses
   */
  readonly queueName?: string;
  /** @default - CloudFormation chooses */
  readonly deadLetterQueueName?: string;
  /**
   * In order and exactly once per message group.
   * @default false
   */
  readonly fifo?: boolean;
  /**
   * How long a received job stays hidden without a sign of life. The worker runtime extends it while it works, so this
   * is the time that a job of a killed worker is lost for, not the longest run time.
   * @default Duration.seconds(60)
   */
  readonly visibilityTimeout?: Duration;
  /**
   * How long a job may wait before SQS drops it.
   * @default Duration.days(4)
   */
  readonly retention?: Duration;
  /**
   * Must be longer than `retention`: in a standard dead-letter queue the clock goes on from the first send.
   * @default Duration.days(14)
   */
  readonly deadLetterRetention?: Duration;
  /**
   * Deliveries before SQS itself moves a job to the dead-letter queue. The worker runtime does so earlier, after four
   * that failed; this net also counts those that were given back (a drain, a refused protection), so it must lie lower.
   * Workers that do not use the runtime have this count alone.
   * @default 10
   */
  readonly maxReceiveCount?: number;
  /** @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy;
}

/** A queue of jobs with its dead-letter queue: encrypted at rest, TLS only, and nothing expires unseen. */
export class JobQueue extends Construct {
  readonly queue: sqs.Queue;
  readonly deadLetterQueue: sqs.Queue;

  constructor(scope: Construct, id: string, props: JobQueueProps = {}) {
    super(scope, id);
    const retention = props.retention ?? Duration.days(4);
    const deadLetterRetention = props.deadLetterRetention ?? Duration.days(14);
    if (deadLetterRetention.toSeconds() <= retention.toSeconds()) {
      throw new Error(
        `JobQueue ${this.node.path}: deadLetterRetention ${deadLetterRetention.toHumanString()} must be longer than ` +
          `retention ${retention.toHumanString()}, else a job can expire the moment it arrives in the dead-letter queue.`,
      );
    }
    const common = {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: props.removalPolicy,
      ...(props.fifo === true ? fifoAttributes : {}),
    };
    this.deadLetterQueue = new sqs.Queue(this, 'Dead', {
      ...common,
      queueName: props.deadLetterQueueName,
      retentionPeriod: deadLetterRetention,
    });
    this.queue = new sqs.Queue(this, 'Jobs', {
      ...common,
      queueName: props.queueName,
      retentionPeriod: retention,
      visibilityTimeout: props.visibilityTimeout ?? Duration.seconds(60),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: props.maxReceiveCount ?? 10 },
    });
  }

  /** Rights to send jobs. */
  grantSend(grantee: iam.IGrantable): iam.Grant {
    return this.queue.grantSendMessages(grantee);
  }

  /** Rights to take jobs off, extend and delete them. */
  grantConsume(grantee: iam.IGrantable): iam.Grant {
    return this.queue.grantConsumeMessages(grantee);
  }
}

// Scope and limit per group: high throughput, which costs nothing and is what a fleet of many workers needs.
const fifoAttributes = {
  fifo: true,
  deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};
