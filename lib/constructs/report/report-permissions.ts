import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { appliedKey } from '../../model/applied.ts';
import type { ReportPlan } from '../../model/report-plan.ts';
import { ownResourceActions, reportActions } from '../../model/report-rights.ts';
import { parametersByPath } from '../tick/scaler-permissions.ts';
import type { ReportBucket } from './report-bucket.ts';

export interface ReportTouches {
  readonly plan: ReportPlan;
  readonly table: dynamodb.ITable;
  readonly bucket: ReportBucket;
  readonly stage: string;
  readonly path: string;
  /** Some service lets it apply advice by itself. */
  readonly applies: boolean;
}

/** What the report function may do: read the stage and the account, keep reports, and send them. */
export const reportStatements = (stack: Stack, touches: ReportTouches): readonly iam.PolicyStatement[] => [
  parametersByPath(stack, touches.path),
  account(),
  ...ownItems(touches),
  ...ownObjects(touches),
  ...sending(stack, touches.plan),
];

/** Looks at the account, and changes nothing. Describe, List, price and cost calls know no resources. */
const account = (): iam.PolicyStatement =>
  new iam.PolicyStatement({
    actions: reportActions().filter((action) => !ownResourceActions.includes(action)),
    resources: ['*'],
  });

const ownItems = ({ table, applies }: ReportTouches): readonly iam.PolicyStatement[] => [
  new iam.PolicyStatement({
    actions: ['dynamodb:Query'],
    resources: [table.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['SVC#*'] } },
  }),
  new iam.PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    resources: [table.tableArn],
    conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['REPORT'] } },
  }),
  // What it applies by itself, where the config lets it; else it only tells what people have applied.
  new iam.PolicyStatement({
    actions: ['dynamodb:GetItem', ...(applies ? ['dynamodb:UpdateItem'] : [])],
    resources: [table.tableArn],
    conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [appliedKey.pk.S] } },
  }),
];

const ownObjects = ({ bucket, stage }: ReportTouches): readonly iam.PolicyStatement[] => [
  new iam.PolicyStatement({
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [bucket.arnForObjects(`reports/${stage}/*`)],
  }),
  // Without it S3 says "forbidden" of an object that is not there.
  new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
];

const sending = (stack: Stack, { from, topicArn }: ReportPlan): readonly iam.PolicyStatement[] => [
  ...(from === undefined
    ? []
    : [
        new iam.PolicyStatement({
          actions: ['ses:SendEmail'],
          // The sender's identity may be its address or its domain, SES in its sandbox asks for the readers' too, and an
          // identity may have a configuration set by default. The condition keeps it to the one sender.
          resources: ['identity', 'configuration-set'].map((resource) =>
            stack.formatArn({
              service: 'ses',
              resource,
              resourceName: '*',
              arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
            }),
          ),
          conditions: { StringEquals: { 'ses:FromAddress': from } },
        }),
      ]),
  ...(topicArn === undefined ? [] : [new iam.PolicyStatement({ actions: ['sns:Publish'], resources: [topicArn] })]),
];
