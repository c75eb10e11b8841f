import { Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as targets from 'aws-cdk-lib/aws-scheduler-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ReportPlan } from '../../model/report-plan.ts';
import { SluiceFunction } from '../code/sluice-function.ts';
import { SchedulerRole } from '../tick/scheduler-role.ts';
import { ReportBucket } from './report-bucket.ts';
import { reportStatements } from './report-permissions.ts';

export interface CostReportProps {
  readonly plan: ReportPlan;
  /** Of the services that it reports on. */
  readonly table: dynamodb.ITable;
  readonly stage: string;
  /** `/sluice/<stage>/` */
  readonly path: string;
  /** Changes when a binding does, so that the function starts anew. */
  readonly configHash: string;
  /**
   * Some service lets the report apply advice by itself.
   * @default false
   */
  readonly applies?: boolean;
  /** Where a report ends that could not be made. */
  readonly deadLetterQueue: sqs.IQueue;
  /** Of the bucket. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
  /** @default - `functions/report.ts`, bundled */
  readonly code?: lambda.Code;
}

/**
 * The weekly cost report (docs/report.md): made once a week in the user's time zone, kept in a bucket, and sent by SES and
 * SNS. SES wants the sender's address or domain verified first; that is not done here, since it may be there already.
 */
export class CostReport extends Construct {
  readonly bucket: ReportBucket;
  readonly handler: lambda.Function;

  constructor(scope: Construct, id: string, props: CostReportProps) {
    super(scope, id);
    const { plan, stage, deadLetterQueue } = props;
    this.bucket = new ReportBucket(this, 'Bucket', { removalPolicy: props.removalPolicy });
    this.handler = new SluiceFunction(this, 'Function', {
      name: 'report',
      description: 'Sluice: the weekly cost report',
      environment: {
        SLUICE_STAGE: stage,
        SLUICE_TABLE: props.table.tableName,
        SLUICE_PARAMETER_PATH: props.path,
        SLUICE_CONFIG_HASH: props.configHash,
        SLUICE_REPORT_BUCKET: this.bucket.bucketName,
        SLUICE_REPORT: JSON.stringify(plan),
        POWERTOOLS_SERVICE_NAME: 'sluice-report',
      },
      timeout: Duration.minutes(10),
      memoryMiB: 512,
      logGroup: new logs.LogGroup(this, 'Log', {
        retention: logs.RetentionDays.THREE_MONTHS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      statements: reportStatements(Stack.of(this), { ...props, applies: props.applies ?? false, bucket: this.bucket }),
      // What was written stays, who has it does not get it again: trying again is free of harm.
      retry: { attempts: 2, maxEventAge: Duration.hours(6) },
      ...(props.code && { code: props.code }),
    }).handler;
    const role = new SchedulerRole(this, 'SchedulerRole', { handlers: [this.handler], deadLetterQueue });
    new scheduler.Schedule(this, 'Weekly', {
      description: 'Sluice: the weekly cost report',
      schedule: weekly(plan),
      target: new targets.LambdaInvoke(this.handler, {
        // A retry on the next day still tells the week that was due.
        input: scheduler.ScheduleTargetInput.fromObject({ scheduledAt: scheduler.ContextAttribute.scheduledTime }),
        retryAttempts: 5,
        maxEventAge: Duration.hours(6),
        deadLetterQueue,
        role: role.withoutPolicyUpdates(),
      }),
    });
  }
}

const weekly = ({ at, timeZone }: ReportPlan): scheduler.ScheduleExpression =>
  scheduler.ScheduleExpression.cron({
    weekDay: at.weekday.toUpperCase(),
    hour: String(Math.floor(at.minute / 60)),
    minute: String(at.minute % 60),
    timeZone: TimeZone.of(timeZone),
  });
