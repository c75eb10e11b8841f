import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface TickQueueProps {
  readonly functionTimeout: Duration;
}

/** The ticks between two minutes wait here. Standard, because a FIFO queue has no delay per message. */
export class TickQueue extends Construct {
  readonly queue: sqs.Queue;
  /** Ticks that failed or never reached the function; something is wrong with Sluice itself when it fills. */
  readonly deadLetterQueue: sqs.Queue;

  constructor(scope: Construct, id: string, props: TickQueueProps) {
    super(scope, id);
    const common = { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true };
    this.deadLetterQueue = new sqs.Queue(this, 'Dead', { ...common, retentionPeriod: Duration.days(14) });
    this.queue = new sqs.Queue(this, 'Ticks', {
      ...common,
      // A delay of at most 120 s and one visibility timeout must fit, or a failed tick expires before it reaches the dead letters.
      retentionPeriod: Duration.seconds(120 + 60 + 6 * props.functionTimeout.toSeconds()),
      visibilityTimeout: Duration.seconds(6 * props.functionTimeout.toSeconds()),
      // No second try: it would come minutes late, and late ticks are dropped. The next tick heals.
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 1 },
    });
  }
}
