import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as targets from 'aws-cdk-lib/aws-scheduler-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { jobNamesParameter } from '../../model/binding.ts';
import { SluiceFunction } from '../code/sluice-function.ts';
import type { ServiceQueue } from '../service-queue.ts';
import { parametersByPath } from '../tick/scaler-permissions.ts';
import { SchedulerRole } from '../tick/scheduler-role.ts';
import { type JobRecords, objects } from './job-records.ts';

export interface JobSweepProps {
  readonly records: JobRecords;
  /** All that jobs with records may be in. */
  readonly queues: readonly ServiceQueue[];
  /** `/sluice/<stage>/` */
  readonly path: string;
  /** Changes when a binding does, so that the function starts anew. */
  readonly configHash: string;
  readonly deadLetterQueue: sqs.IQueue;
  /** @default - `functions/sweep.ts`, bundled */
  readonly code?: lambda.Code;
}

/** Every five minutes: sends what was accepted and never sent, ends what is past its time, mends counters (docs/jobs.md). Tells people's tools where the records are. */
export class JobSweep extends Construct {
  readonly handler: lambda.Function;

  constructor(scope: Construct, id: string, props: JobSweepProps) {
    super(scope, id);
    const { records, path, deadLetterQueue } = props;
    const names = { table: records.table.tableName, bucket: records.bucket.bucketName };
    new ssm.StringParameter(this, 'Names', {
      parameterName: jobNamesParameter(path),
      stringValue: JSON.stringify(names),
    });
    this.handler = new SluiceFunction(this, 'Function', {
      name: 'sweep',
      description: 'Sluice: brings jobs to their end that somebody left half-done',
      environment: {
        SLUICE_JOBS_TABLE: names.table,
        SLUICE_JOBS_BUCKET: names.bucket,
        SLUICE_PARAMETER_PATH: path,
        SLUICE_CONFIG_HASH: props.configHash,
        POWERTOOLS_SERVICE_NAME: 'sluice-sweep',
      },
      timeout: Duration.minutes(4),
      memoryMiB: 256,
      logGroup: new logs.LogGroup(this, 'Log', {
        retention: logs.RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      statements: statementsOf(Stack.of(this), props),
      ...(props.code && { code: props.code }),
    }).handler;
    const role = new SchedulerRole(this, 'SchedulerRole', { handlers: [this.handler], deadLetterQueue });
    new scheduler.Schedule(this, 'Schedule', {
      description: 'Sluice: job records that somebody left half-done',
      schedule: scheduler.ScheduleExpression.rate(Duration.minutes(5)),
      target: new targets.LambdaInvoke(this.handler, {
        // The next one comes soon.
        retryAttempts: 0,
        maxEventAge: Duration.minutes(5),
        deadLetterQueue,
        role: role.withoutPolicyUpdates(),
      }),
    });
  }
}

const statementsOf = (stack: Stack, { records, queues, path }: JobSweepProps): readonly iam.PolicyStatement[] => [
  new iam.PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
    resources: [records.table.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['JOB#*', 'FLOW#*', 'BACKLOG#*', 'TENANTS'] } },
  }),
  new iam.PolicyStatement({ actions: ['dynamodb:Query'], resources: [records.listArn] }),
  objects(records.bucket, ['s3:GetObject', 's3:PutObject'], ['payloads', 'results']),
  new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: queues.map(({ queue }) => queue.queueArn) }),
  parametersByPath(stack, path),
];
