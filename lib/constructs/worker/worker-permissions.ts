import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ServiceQueue } from '../service-queue.ts';

/** The task may protect tasks of its own cluster from scale-in. IAM cannot narrow it to the task itself. */
export const taskProtection = (stack: Stack, cluster: ecs.ICluster): iam.PolicyStatement =>
  new iam.PolicyStatement({
    actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
    resources: [
      stack.formatArn({
        service: 'ecs',
        resource: 'task',
        resourceName: `${cluster.clusterName}/*`,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    ],
    conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
  });

/** The task may add to the items of its own service and read them (how earlier deliveries ended), and nothing else in the table. */
export const ownItems = (table: dynamodb.ITable, service: string): iam.PolicyStatement =>
  new iam.PolicyStatement({
    actions: ['dynamodb:UpdateItem', 'dynamodb:GetItem'],
    resources: [table.tableArn],
    conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [`SVC#${service}`] } },
  });

/** The task may take jobs off its own queues, extend and delete them. */
export const consumption = (queues: readonly ServiceQueue[]): readonly iam.PolicyStatement[] =>
  queues.length === 0
    ? []
    : [
        new iam.PolicyStatement({
          actions: [
            'sqs:ReceiveMessage',
            'sqs:ChangeMessageVisibility',
            'sqs:GetQueueUrl',
            'sqs:DeleteMessage',
            'sqs:GetQueueAttributes',
          ],
          resources: queues.map(({ queue }) => queue.queueArn),
        }),
      ];

/** The task may move jobs that failed for good to the queues' dead-letter queues. */
export const deadLetters = (queues: readonly ServiceQueue[]): readonly iam.PolicyStatement[] => {
  const resources = queues.flatMap(({ deadLetterQueue }) => deadLetterQueue?.queueArn ?? []);
  return resources.length === 0 ? [] : [new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources })];
};
