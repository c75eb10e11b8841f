import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ServicePlan } from '../../model/plan.ts';
import type { ServiceQueue } from '../service-queue.ts';
import { workerEnvironment } from '../worker/worker-environment.ts';
import type { QueueProcessingFargateServiceProps as Props } from './queue-processing-fargate-service.ts';

interface PeerTask {
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly environment: { [key: string]: string };
  readonly logDriver?: ecs.LogDriver;
}

/** The task definition as the peer makes it, with time to drain and what Sluice's runtime wants to know. One of the user's own stays as it is. */
export const peerTask = (
  scope: Construct,
  props: Props,
  {
    plan,
    queue,
    queues,
    table,
    stage,
  }: {
    readonly plan: ServicePlan;
    readonly queue: sqs.IQueue;
    readonly queues: readonly ServiceQueue[];
    readonly table: dynamodb.ITable;
    readonly stage: string;
  },
): PeerTask => {
  const environment = { ...props.environment, QUEUE_NAME: queue.queueName };
  if (props.taskDefinition !== undefined) return { taskDefinition: props.taskDefinition, environment };
  const logDriver = props.logDriver ?? (props.enableLogging === false ? undefined : twoWeeks(scope));
  const taskDefinition = new ecs.FargateTaskDefinition(scope, 'QueueProcessingTaskDef', {
    memoryLimitMiB: props.memoryLimitMiB ?? 512,
    cpu: props.cpu ?? 256,
    ephemeralStorageGiB: props.ephemeralStorageGiB,
    family: props.family,
    runtimePlatform: props.runtimePlatform,
  });
  taskDefinition.addContainer(props.containerName ?? 'QueueProcessingContainer', {
    image: imageOf(props),
    command: props.command,
    environment: {
      ...workerEnvironment({ stage, plan, queues, table, beatSeconds: Math.min(10, plan.tickSeconds) }),
      ...environment,
    },
    secrets: props.secrets,
    logging: logDriver,
    healthCheck: props.healthCheck,
    stopTimeout: Duration.seconds(plan.worker.stopTimeoutSeconds),
  });
  return { taskDefinition, environment, ...(logDriver && { logDriver }) };
};

const imageOf = ({ image }: Props): ecs.ContainerImage => {
  if (image === undefined) throw new TypeError('neither image nor taskDefinition');
  return image;
};

/** The peer's default keeps logs for ever. */
const twoWeeks = (scope: Construct): ecs.LogDriver =>
  ecs.LogDrivers.awsLogs({
    streamPrefix: scope.node.id,
    logGroup: new logs.LogGroup(scope, 'Log', {
      retention: logs.RetentionDays.TWO_WEEKS,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
    mode: ecs.AwsLogDriverMode.NON_BLOCKING,
  });
