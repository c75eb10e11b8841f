import { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as targets from 'aws-cdk-lib/aws-scheduler-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface HolidayScheduleProps {
  readonly handler: lambda.IFunction;
  readonly deadLetterQueue: sqs.IQueue;
  readonly role: iam.Role;
}

/** Once a day, from the deploy on. A day that is lost costs nothing: the days before wrote a year ahead. */
export class HolidaySchedule extends scheduler.Schedule {
  constructor(scope: Construct, id: string, { handler, deadLetterQueue, role }: HolidayScheduleProps) {
    super(scope, id, {
      description: 'Sluice: the public holidays of the next 400 days',
      schedule: scheduler.ScheduleExpression.rate(Duration.days(1)),
      target: new targets.LambdaInvoke(handler, {
        retryAttempts: 3,
        maxEventAge: Duration.hours(1),
        deadLetterQueue,
        role: role.withoutPolicyUpdates(),
      }),
    });
  }
}
