import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import type { AlarmSeen, QueueSeen, ServiceSeen, TaskDefinitionSeen } from '../../doctor/facts.ts';

/** Answers of AWS → what the checks look at. */
export const serviceSeen = (service: Service): ServiceSeen => ({
  arn: service.serviceArn ?? '',
  status: service.status ?? 'UNKNOWN',
  ...(service.launchType !== undefined && { launchType: service.launchType }),
  capacityProviders: service.capacityProviderStrategy?.flatMap(({ capacityProvider }) => capacityProvider ?? []) ?? [],
  deploymentController: service.deploymentController?.type ?? 'ECS',
  rollsBack: service.deploymentConfiguration?.deploymentCircuitBreaker?.rollback === true,
  taskDefinition: service.taskDefinition ?? '',
  subnets: service.networkConfiguration?.awsvpcConfiguration?.subnets ?? [],
  desired: service.desiredCount ?? 0,
  running: service.runningCount ?? 0,
});

export const taskDefinitionSeen = (definition: TaskDefinition): TaskDefinitionSeen => ({
  arn: definition.taskDefinitionArn ?? '',
  ...(definition.taskRoleArn !== undefined && { taskRoleArn: definition.taskRoleArn }),
  ...(definition.runtimePlatform?.operatingSystemFamily !== undefined && {
    operatingSystem: definition.runtimePlatform.operatingSystemFamily,
  }),
  containers: (definition.containerDefinitions ?? []).map((container) => {
    const group = container.logConfiguration?.options?.['awslogs-group'];
    return {
      name: container.name ?? '',
      hasHealthCheck: container.healthCheck !== undefined,
      ...(container.stopTimeout !== undefined && { stopTimeoutSeconds: container.stopTimeout }),
      ...(group !== undefined && { logGroup: group }),
    };
  }),
});

/** Redrive policies are JSON within the attribute. */
export const queueSeen = (attributes: Readonly<Record<string, string>>): QueueSeen => {
  const redrive = JSON.parse(attributes.RedrivePolicy ?? '{}') as {
    readonly deadLetterTargetArn?: string;
    readonly maxReceiveCount?: number | string;
  };
  return {
    arn: attributes.QueueArn ?? '',
    visibilityTimeoutSeconds: Number(attributes.VisibilityTimeout ?? 30),
    retentionSeconds: Number(attributes.MessageRetentionPeriod ?? 345_600),
    ...(redrive.deadLetterTargetArn !== undefined && { deadLetterArn: redrive.deadLetterTargetArn }),
    ...(redrive.maxReceiveCount !== undefined && { maxReceiveCount: Number(redrive.maxReceiveCount) }),
    messages: Number(attributes.ApproximateNumberOfMessages ?? 0),
  };
};

export const alarmSeen = (alarm: MetricAlarm): AlarmSeen => ({
  name: alarm.AlarmName ?? '',
  ...(alarm.Namespace !== undefined && { namespace: alarm.Namespace }),
  ...(alarm.MetricName !== undefined && { metric: alarm.MetricName }),
  dimensions: Object.fromEntries((alarm.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value])),
  actions: alarm.AlarmActions?.length ?? 0,
  enabled: alarm.ActionsEnabled !== false,
});
