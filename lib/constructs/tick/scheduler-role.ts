import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface SchedulerRoleProps {
  readonly handlers: readonly lambda.IFunction[];
  readonly deadLetterQueue: sqs.IQueue;
}

/** What Scheduler may do for this stage: start its functions, and keep what it could not deliver. */
export class SchedulerRole extends iam.Role {
  constructor(scope: Construct, id: string, { handlers, deadLetterQueue }: SchedulerRoleProps) {
    const statements = [
      new iam.PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: handlers.flatMap(({ functionArn }) => [functionArn, `${functionArn}:*`]),
      }),
      new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetterQueue.queueArn] }),
    ];
    super(scope, id, {
      // Not for schedules of other accounts.
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
      inlinePolicies: { invoke: new iam.PolicyDocument({ statements }) },
    });
  }
}
