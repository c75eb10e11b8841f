import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { furtherSizes } from '../../config/auto-sizes.ts';
import type { ServicePlan } from '../../model/plan.ts';
import type { ServiceQueue } from '../service-queue.ts';
import { rolePath } from '../tick/scaler-permissions.ts';
import type { ContainerHealthCheckProps } from './container-health-check.ts';
import { workerEnvironment } from './worker-environment.ts';
import { consumption, deadLetters, ownItems, taskProtection } from './worker-permissions.ts';
import type { WorkerSource } from './worker-source.ts';
import { WorkerTask } from './worker-task.ts';

export interface WorkerServiceProps {
  readonly plan: ServicePlan;
  readonly source: WorkerSource;
  /** Must have the Fargate capacity providers (`enableFargateCapacityProviders`). */
  readonly cluster: ecs.ICluster;
  /** One for each queue of the plan, by the same name. */
  readonly queues: readonly ServiceQueue[];
  /** Where the workers' beacon goes. */
  readonly table: dynamodb.ITable;
  /** @default - the stack's name */
  readonly stage?: string;
  /**
   * Of the ECS service. With a name of its own it cannot be replaced without a pause.
   * @default - CloudFormation chooses
   */
  readonly serviceName?: string;
  /** @default - the subnets that CDK chooses for the kind of address */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /** @default false */
  readonly assignPublicIp?: boolean;
  /** @default - a group of its own that lets nothing in */
  readonly securityGroups?: readonly ec2.ISecurityGroup[];
  /**
   * Pulls the image and writes the log.
   * @default - a role of its own
   */
  readonly executionRole?: iam.IRole;
  /**
   * Spot capacity only. Spot never falls back to on demand by itself; mix with `capacityProviderStrategies` instead
   * when the SLO cannot wait out a shortage.
   * @default false
   */
  readonly spot?: boolean;
  /** @default - all on FARGATE, or all on FARGATE_SPOT with `spot` */
  readonly capacityProviderStrategies?: readonly ecs.CapacityProviderStrategy[];
  /**
   * Of the desired count, during a deployment.
   * @default 100
   */
  readonly minHealthyPercent?: number;
  /**
   * Of the desired count, during a deployment. 200 needs twice the vCPU quota for that time.
   * @default 200
   */
  readonly maxHealthyPercent?: number;
  /**
   * The container's own health check: a task that fails it is replaced.
   * @default - none; ECS replaces only tasks whose process ends
   */
  readonly healthCheck?: ContainerHealthCheckProps;
  /**
   * Behind a load balancer: failing health checks do not count for this long after the start.
   * @default - none
   */
  readonly healthCheckGracePeriod?: Duration;
  /**
   * Whether ECS may stop tasks to even out zones. Jobs would pay for a balance that queue workers do not need.
   * @default false
   */
  readonly zoneRebalancing?: boolean;
  /**
   * How often a worker reports what it did, in seconds.
   * @default - 10, or the tick where that is shorter
   */
  readonly beatSeconds?: number;
  /**
   * Streams begin with the service's name, so services can share one.
   * @default - a group of its own
   */
  readonly logGroup?: logs.ILogGroup;
  /**
   * Of the group of its own.
   * @default logs.RetentionDays.TWO_WEEKS
   */
  readonly logRetention?: logs.RetentionDays;
  /** @default - the working directory */
  readonly projectRoot?: string;
}

/**
 * A Fargate service of queue workers whose count belongs to Sluice: the template has no DesiredCount, so a deploy never
 * resets it. (ECS starts a new service with one task.)
 */
export class WorkerService extends Construct implements iam.IGrantable, ec2.IConnectable {
  readonly service: ecs.FargateService;
  readonly plan: ServicePlan;
  readonly queues: readonly ServiceQueue[];
  readonly cluster: ecs.ICluster;
  readonly logGroup: logs.ILogGroup;
  readonly grantPrincipal: iam.IPrincipal;
  /** One for each size: the plan's own first, then those that it may be given. */
  readonly tasks: readonly WorkerTask[];

  constructor(scope: Construct, id: string, props: WorkerServiceProps) {
    super(scope, id);
    this.plan = props.plan;
    this.queues = props.queues;
    this.cluster = props.cluster;
    this.logGroup =
      props.logGroup ??
      new logs.LogGroup(this, 'Log', {
        retention: props.logRetention ?? logs.RetentionDays.TWO_WEEKS,
        removalPolicy: RemovalPolicy.DESTROY,
      });
    const role = taskRole(this, props);
    this.grantPrincipal = role;
    const tasks = workerTasks(this, props, { taskRole: role, logGroup: this.logGroup });
    this.tasks = tasks;
    this.service = fargateService(this, tasks[0].taskDefinition, props);
    // Tasks that start before the way out or their rights exist fail, and the circuit breaker counts them.
    this.service.node.addDependency(
      props.cluster.vpc.selectSubnets(props.vpcSubnets).internetConnectivityEstablished,
      tasks[0].taskDefinition.obtainExecutionRole(),
    );
  }

  get connections(): ec2.Connections {
    return this.service.connections;
  }

  /** One more variable for the worker's container; the value may be a token. */
  addEnvironment(name: string, value: string): void {
    for (const { container } of this.tasks) container.addEnvironment(name, value);
  }
}

/** Inline, so that it is one resource; what else it is granted becomes a policy beside it. */
const taskRole = (scope: Construct, { plan, cluster, table, queues, stage }: WorkerServiceProps): iam.Role => {
  const statements = [
    taskProtection(Stack.of(scope), cluster),
    ownItems(table, plan.service),
    ...consumption(queues),
    ...deadLetters(queues),
  ];
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
    path: rolePath(stage ?? Stack.of(scope).stackName),
    inlinePolicies: { worker: new iam.PolicyDocument({ statements }) },
  });
  for (const { queue, deadLetterQueue } of queues) {
    queue.encryptionMasterKey?.grantDecrypt(role);
    deadLetterQueue?.encryptionMasterKey?.grantEncryptDecrypt(role);
  }
  return role;
};

/** Same container, environment and roles at each size, so that one replaces the other like any deployment. */
const workerTasks = (
  scope: Construct,
  props: WorkerServiceProps,
  shared: { readonly taskRole: iam.IRole; readonly logGroup: logs.ILogGroup },
): readonly [WorkerTask, ...WorkerTask[]] => {
  const environment = workerEnvironment({
    ...props,
    stage: props.stage ?? Stack.of(scope).stackName,
    beatSeconds: props.beatSeconds ?? Math.min(10, props.plan.tickSeconds),
  });
  const common = {
    plan: props.plan,
    source: props.source,
    environment,
    projectRoot: props.projectRoot,
    healthCheck: props.healthCheck,
    ...shared,
  };
  const { worker } = props.plan;
  const size = { cpu: worker.cpu, memoryMiB: worker.memoryMiB };
  const base = new WorkerTask(scope, 'Worker', { ...common, size, executionRole: props.executionRole });
  const executionRole = base.taskDefinition.obtainExecutionRole();
  return [
    base,
    ...furtherSizes(props.plan).map(
      (further) =>
        new WorkerTask(scope, `Worker${further.cpu}x${further.memoryMiB}`, { ...common, size: further, executionRole }),
    ),
  ];
};

const fargateService = (
  scope: Construct,
  taskDefinition: ecs.FargateTaskDefinition,
  props: WorkerServiceProps,
): ecs.FargateService =>
  new ecs.FargateService(scope, 'Service', {
    cluster: props.cluster,
    serviceName: props.serviceName,
    taskDefinition,
    vpcSubnets: props.vpcSubnets,
    assignPublicIp: props.assignPublicIp ?? false,
    securityGroups: props.securityGroups === undefined ? undefined : [...props.securityGroups],
    capacityProviderStrategies: [...(props.capacityProviderStrategies ?? [defaultStrategy(props.spot ?? false)])],
    minHealthyPercent: props.minHealthyPercent ?? 100,
    maxHealthyPercent: props.maxHealthyPercent ?? 200,
    circuitBreaker: { enable: true, rollback: true },
    healthCheckGracePeriod: props.healthCheckGracePeriod,
    availabilityZoneRebalancing: props.zoneRebalancing
      ? ecs.AvailabilityZoneRebalancing.ENABLED
      : ecs.AvailabilityZoneRebalancing.DISABLED,
    propagateTags: ecs.PropagatedTagSource.SERVICE,
  });

const defaultStrategy = (spot: boolean): ecs.CapacityProviderStrategy => ({
  capacityProvider: spot ? 'FARGATE_SPOT' : 'FARGATE',
  weight: 1,
});
