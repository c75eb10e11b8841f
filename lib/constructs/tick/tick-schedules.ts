import { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as targets from 'aws-cdk-lib/aws-scheduler-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { TickEvent } from '../../model/tick-event.ts';

export interface TickSchedulesProps {
  readonly handler: lambda.IFunction;
  readonly shards: Iterable<string>;
  readonly deadLetterQueue: sqs.IQueue;
  readonly role: iam.Role;
}

/** Invokes the handler once a minute for each shard. */
export class TickSchedules extends Construct {
  constructor(scope: Construct, id: string, props: TickSchedulesProps) {
    super(scope, id);
    for (const shard of props.shards) {
      new scheduler.Schedule(this, `Shard${shard}`, {
        description: `Sluice: the ticks of shard ${shard}`,
        schedule: scheduler.ScheduleExpression.rate(Duration.minutes(1)),
        target: new targets.LambdaInvoke(props.handler, {
          // By default Scheduler tries 185 times over 24 hours: a heap of stale ticks after an outage.
          retryAttempts: 0,
          maxEventAge: Duration.seconds(60),
          deadLetterQueue: props.deadLetterQueue,
          role: props.role.withoutPolicyUpdates(),
          input: scheduler.ScheduleTargetInput.fromObject(tickOf(shard)),
        }),
      });
    }
  }
}

const tickOf = (shard: string): TickEvent => ({ shard, scheduledAt: scheduler.ContextAttribute.scheduledTime });
