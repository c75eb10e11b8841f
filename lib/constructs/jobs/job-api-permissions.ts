import type { Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ServiceQueue } from '../service-queue.ts';
import { parametersByPath } from '../tick/scaler-permissions.ts';
import { type JobRecords, objects } from './job-records.ts';

export interface JobApiRights {
  readonly records: JobRecords;
  readonly stateTable: dynamodb.ITable;
  readonly queues: readonly ServiceQueue[];
  /** `/sluice/<stage>/` */
  readonly path: string;
}

/** What the job API's function may do. It takes nothing off a queue, and makes and ends no key. */
export const jobApiStatements = (
  stack: Stack,
  { records, stateTable, queues, path }: JobApiRights,
): readonly iam.PolicyStatement[] => [
  new iam.PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    resources: [records.table.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...writtenKeys] } },
  }),
  new iam.PolicyStatement({
    actions: ['dynamodb:GetItem'],
    resources: [records.table.tableArn],
    conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['KEYS'] } },
  }),
  new iam.PolicyStatement({ actions: ['dynamodb:Query'], resources: [records.listArn] }),
  new iam.PolicyStatement({
    actions: ['dynamodb:GetItem'],
    resources: [stateTable.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['SHARD#*', 'SVC#*'] } },
  }),
  // The plan of a large workflow lies among the results.
  objects(records.bucket, ['s3:PutObject'], ['payloads', 'uploads', 'results']),
  // Not to be read by it, but by whom it gives a signed URL to; and to see that an upload has arrived.
  objects(records.bucket, ['s3:GetObject'], ['uploads', 'results']),
  new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: queues.map(({ queue }) => queue.queueArn) }),
  parametersByPath(stack, path),
];

const writtenKeys = ['JOB#*', 'SAME#*', 'FLOW#*', 'BACKLOG#*', 'LIMIT#*', 'TENANTS'] as const;
