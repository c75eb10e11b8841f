import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ScaledService } from '../scaled-service.ts';

/** Look at every queue, and at what died in it. */
export const queueCounts = (services: readonly ScaledService[]): readonly iam.PolicyStatement[] => {
  const queues = services
    .flatMap((service) => service.queues)
    .flatMap(({ queue, deadLetterQueue }) => [queue, ...(deadLetterQueue ? [deadLetterQueue] : [])])
    .map(({ queueArn }) => queueArn);
  return queues.length === 0
    ? []
    : [new iam.PolicyStatement({ actions: ['sqs:GetQueueAttributes'], resources: queues })];
};

/** See and set desired counts. UpdateService cannot be narrowed to the count; without iam:PassRole (`taskRoles`) it cannot swap roles. */
export const serviceCounts = (services: readonly ScaledService[]): readonly iam.PolicyStatement[] =>
  services.length === 0
    ? []
    : [
        new iam.PolicyStatement({
          actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
          resources: services.map(({ service }) => service.serviceArn),
        }),
      ];

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

/** Services that rights reach by their names: more than a policy could list one by one, or made after the policy. */
export interface NamedServices {
  readonly stage: string;
  readonly cluster: Pick<ecs.ICluster, 'clusterName'>;
  readonly names: ReadonlySet<string>;
}

/** All rights of a role together may have 10,240 characters: beyond so many services, names stand for lists. */
export const servicesByReference = 40;

/** What marks an ECS service as one of a stage, and the path under which the roles of its tasks lie. */
export const stageTag = 'sluice:stage';
export const rolePath = (stage: string): string => `/sluice/${stage}/`;

/** The rights of `queueCounts`, `serviceCounts` and `taskRoles`: by the prefix of queues, the cluster with a tag, and the path of roles. */
export const byName = (
  stack: Stack,
  { stage, cluster }: NamedServices,
  resizes: boolean,
): readonly iam.PolicyStatement[] => [
  new iam.PolicyStatement({
    actions: ['sqs:GetQueueAttributes'],
    resources: [stack.formatArn({ service: 'sqs', resource: `${stage}-*` })],
  }),
  new iam.PolicyStatement({
    actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
    resources: [
      stack.formatArn({
        service: 'ecs',
        resource: 'service',
        resourceName: `${cluster.clusterName}/*`,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    ],
    conditions: { StringEquals: { [`aws:ResourceTag/${stageTag}`]: stage } },
  }),
  ...(resizes
    ? [
        new iam.PolicyStatement({
          actions: ['iam:PassRole'],
          resources: [
            stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: `sluice/${stage}/*` }),
          ],
          conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
        }),
      ]
    : []),
];
