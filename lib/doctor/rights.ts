import type { RightAsked, ServiceFacts } from './facts.ts';

/** What a worker does: take jobs off its queues, and protect its task. Nothing is asked of a service that is not there. */
export const workerRights = (serviceArn: string | undefined, queueArns: readonly string[]): readonly RightAsked[] => {
  const cluster = clusterOf(serviceArn);
  return [
    ...(queueArns.length > 0
      ? [
          {
            actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
            resources: queueArns,
          },
        ]
      : []),
    ...(cluster
      ? [
          {
            actions: ['ecs:UpdateTaskProtection', 'ecs:GetTaskProtection'],
            resources: [`${cluster.prefix}:task/${cluster.name}/0123456789abcdef0123456789abcdef`],
            context: { 'ecs:cluster': [`${cluster.prefix}:cluster/${cluster.name}`] },
          },
        ]
      : []),
  ];
};

/** What the tick does, on the resources that answered. */
export const tickRights = (
  { stage, table }: { readonly stage: string; readonly table: string },
  services: readonly ServiceFacts[],
): readonly RightAsked[] => {
  const arns = services.flatMap(({ service }) => (service.known && service.value ? [service.value.arn] : []));
  const queues = services.flatMap((facts) =>
    facts.queues.flatMap(({ own, dead }) =>
      [own, ...(dead ? [dead] : [])].flatMap((one) => (one.known ? one.value.arn : [])),
    ),
  );
  const topics = [...new Set(services.flatMap(({ binding }) => binding.alertTopic ?? []))];
  // arn:aws:ecs:eu-north-1:123456789012:service/…
  const [, partition, , region, account] = arns[0]?.split(':') ?? [];
  const inAccount = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  return [
    ...(arns.length > 0
      ? [
          { actions: ['ecs:DescribeServices', 'ecs:UpdateService'], resources: arns },
          {
            actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
            resources: [inAccount('dynamodb', `table/${table}`)],
          },
          {
            actions: ['ssm:GetParametersByPath'],
            resources: [inAccount('ssm', `parameter/sluice/${stage}/services`)],
          },
        ]
      : []),
    ...(queues.length > 0 ? [{ actions: ['sqs:GetQueueAttributes'], resources: queues }] : []),
    ...(topics.length > 0 ? [{ actions: ['sns:Publish'], resources: topics }] : []),
    { actions: ['cloudwatch:GetMetricData'], resources: ['*'] },
  ];
};

/** `arn:aws:ecs:R:A` and the cluster's name. An ARN of the old form names no cluster. */
const clusterOf = (serviceArn: string | undefined): { readonly prefix: string; readonly name: string } | undefined => {
  const [prefix = '', rest] = serviceArn?.split(':service/') ?? [];
  const [name, service] = rest?.split('/') ?? [];
  return name !== undefined && service !== undefined ? { prefix, name } : undefined;
};
