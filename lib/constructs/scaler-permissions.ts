import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ScaledService } from './scaled-service.ts';

/** Look at every queue. */
export const queueCounts = (services: readonly ScaledService[]): readonly iam.PolicyStatement[] => {
  const queues = services.flatMap((service) => service.queues.map(({ queue }) => queue.queueArn));
  return queues.length === 0
    ? []
    : [new iam.PolicyStatement({ actions: ['sqs:GetQueueAttributes'], resources: queues })];
};

/** See and set desired counts. UpdateService cannot be narrowed to the count; without iam:PassRole (`taskRoles`) it cannot swap roles. */
export const serviceCounts = (services: readonly ScaledService[]): iam.PolicyStatement =>
  new iam.PolicyStatement({
    actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
    resources: services.map(({ service }) => service.serviceArn),
  });

/**
 * A task definition of another size comes with its roles, so ECS wants the right to pass them. Only for services whose
 * schedule names sizes, only these roles, and only to ECS.
 */
export const taskRoles = (services: readonly ScaledService[]): readonly iam.PolicyStatement[] => {
  const roles = services.flatMap(({ tasks = [] }) =>
    tasks.length < 2
      ? []
      : tasks.flatMap(({ taskDefinition }) => [taskDefinition.taskRole, taskDefinition.obtainExecutionRole()]),
  );
  if (roles.length === 0) return [];
  return [
    new iam.PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [...new Set(roles)].map((role) => role.roleArn),
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
  ];
};

/** CPU and memory of the services. CloudWatch has no resource level for reading metrics. */
export const metricData = (): iam.PolicyStatement =>
  new iam.PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] });

/** Read the bindings, which lie under one path. IAM wants the path itself and what is below it. */
export const parametersByPath = (stack: Stack, path: string): iam.PolicyStatement => {
  const name = path.replaceAll(/^\/|\/$/g, '');
  const arn = (resourceName: string): string =>
    stack.formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  return new iam.PolicyStatement({ actions: ['ssm:GetParametersByPath'], resources: [arn(name), arn(`${name}/*`)] });
};

/** State, journal and rollups (docs/architecture.md, "Table"). Nothing is ever deleted: TTL does that. */
export const stateItems = (table: dynamodb.ITable): iam.PolicyStatement =>
  new iam.PolicyStatement({
    actions: [...tableActions],
    resources: [table.tableArn],
  });

const tableActions = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'] as const;
