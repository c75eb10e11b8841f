import { Duration, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { QueueProcessingFargateServiceProps as PeerProps } from 'aws-cdk-lib/aws-ecs-patterns';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../../config/schema/config-schema.ts';
import type { ServicePlan } from '../../model/plan.ts';
import { JobQueue } from '../job-queue.ts';
import type { ScaledService } from '../scaled-service.ts';
import { Scaler } from '../scaler.ts';
import type { ServiceQueue } from '../service-queue.ts';
import { StateTable } from '../state-table.ts';
import { WorkerCluster } from '../worker/worker-cluster.ts';
import { WorkerNetwork } from '../worker/worker-network.ts';
import { deadLetters, ownItems, taskProtection } from '../worker/worker-permissions.ts';
import { peerPlan } from './peer-plan.ts';
import { refusePeerProps } from './peer-refusals.ts';
import { peerTask } from './peer-task.ts';

type ServiceWords = Pick<
  Config['services'][string],
  'slo' | 'policy' | 'behavior' | 'schedule' | 'mode' | 'priors' | 'priority' | 'signals' | 'flaps' | 'fallback'
>;

/** The props of the peer in aws-cdk-lib/aws-ecs-patterns, and Sluice's own; docs/constructs.md says what maps and what is refused. */
export interface QueueProcessingFargateServiceProps extends PeerProps, ServiceWords {
  /**
   * Jobs that one task works on at once.
   * @default 1
   */
  readonly concurrency?: number;
  /** @default 'UTC' */
  readonly timeZone?: string;
  /**
   * Whether it brings a scaler of its own. Several services share one: `new Scaler(this, 'Scaler', { services: [a, b], table })`.
   * @default true
   */
  readonly scaler?: boolean;
  /**
   * What the CLI calls its scaler: `sluice status --stage …`.
   * @default - the stack's name and the construct's id
   */
  readonly stage?: string;
  /** @default - one of its own, kept when the stack goes */
  readonly table?: StateTable;
  /** @default - `functions/tick.ts`, bundled */
  readonly code?: lambda.Code;
}

/**
 * In the place of `QueueProcessingFargateService` of aws-cdk-lib/aws-ecs-patterns: the same props make the same queue and
 * service, and Sluice scales it instead of two CloudWatch alarms.
 */
export class QueueProcessingFargateService extends Construct implements ScaledService {
  readonly sqsQueue: sqs.IQueue;
  /** Only when the queue is its own. */
  readonly deadLetterQueue?: sqs.IQueue;
  readonly cluster: ecs.ICluster;
  readonly service: ecs.FargateService;
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly environment: { [key: string]: string };
  readonly secrets?: { [key: string]: ecs.Secret };
  readonly logDriver?: ecs.LogDriver;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly plan: ServicePlan;
  readonly queues: readonly ServiceQueue[];
  readonly table: StateTable;
  /** Absent with `scaler: false`. */
  readonly scaler?: Scaler;

  constructor(scope: Construct, id: string, props: QueueProcessingFargateServiceProps = {}) {
    super(scope, id);
    refusePeerProps(this, props);
    const { queue, deadLetterQueue } = props.queue
      ? { queue: props.queue, deadLetterQueue: undefined }
      : jobQueue(this, props);
    this.sqsQueue = queue;
    this.deadLetterQueue = deadLetterQueue;
    this.cluster =
      props.cluster ?? new WorkerCluster(this, 'Cluster', { vpc: props.vpc ?? new WorkerNetwork(this, 'Network') });
    this.plan = peerPlan(id, props, this.sqsQueue);
    this.minCapacity = this.plan.tasks.min;
    this.maxCapacity = this.plan.tasks.max;
    this.queues = [{ name: id, queue: this.sqsQueue, deadLetterQueue: this.deadLetterQueue }];
    this.table = props.table ?? new StateTable(this, 'State');
    const stage = props.stage ?? `${Stack.of(this).stackName}-${id}`.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 40);
    const task = peerTask(this, props, {
      plan: this.plan,
      queue: this.sqsQueue,
      queues: this.queues,
      table: this.table,
      stage,
    });
    this.taskDefinition = task.taskDefinition;
    this.environment = task.environment;
    this.secrets = props.secrets;
    this.logDriver = task.logDriver;
    this.permit();
    this.service = peerService(this, props, this.cluster, this.taskDefinition);
    if (props.scaler !== false)
      this.scaler = new Scaler(this, 'Scaler', { services: [this], stage, table: this.table, code: props.code });
  }

  private permit(): void {
    this.sqsQueue.grantConsumeMessages(this.taskDefinition.taskRole);
    for (const statement of [
      taskProtection(Stack.of(this), this.cluster),
      ownItems(this.table, this.plan.service),
      ...deadLetters(this.queues),
    ])
      this.taskDefinition.addToTaskRolePolicy(statement);
  }
}

const jobQueue = (
  scope: Construct,
  props: PeerProps,
): { readonly queue: sqs.IQueue; readonly deadLetterQueue?: sqs.IQueue } =>
  new JobQueue(scope, 'EcsProcessing', {
    maxReceiveCount: props.maxReceiveCount ?? 3,
    visibilityTimeout: props.visibilityTimeout ?? Duration.seconds(30),
    deadLetterRetention: props.retentionPeriod,
  });

const peerService = (
  scope: Construct,
  props: PeerProps,
  cluster: ecs.ICluster,
  taskDefinition: ecs.FargateTaskDefinition,
): ecs.FargateService =>
  new ecs.FargateService(scope, 'QueueProcessingFargateService', {
    cluster,
    taskDefinition,
    serviceName: props.serviceName,
    minHealthyPercent: props.minHealthyPercent ?? 100,
    maxHealthyPercent: props.maxHealthyPercent ?? 200,
    propagateTags: props.propagateTags,
    enableECSManagedTags: props.enableECSManagedTags,
    platformVersion: props.platformVersion,
    vpcSubnets: props.taskSubnets,
    assignPublicIp: props.assignPublicIp ?? cluster.vpc instanceof WorkerNetwork,
    securityGroups: props.securityGroups,
    circuitBreaker: props.circuitBreaker ?? { enable: true, rollback: true },
    capacityProviderStrategies: props.capacityProviderStrategies,
    enableExecuteCommand: props.enableExecuteCommand,
    availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.DISABLED,
  });
