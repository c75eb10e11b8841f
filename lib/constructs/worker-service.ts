import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ServicePlan } from '../model/plan.ts';
import type { ServiceQueue } from './service-queue.ts';
import { workerEnvironment } from './worker-environment.ts';
import { beacon, taskProtection } from './worker-permissions.ts';
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
   * How often a worker reports what it did, in seconds.
   * @default - 10, or the tick where that is shorter
   */
  readonly beatSeconds?: number;
  /** @default logs.RetentionDays.TWO_WEEKS */
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
  readonly logGroup: logs.LogGroup;
  readonly grantPrincipal: iam.IPrincipal;
  private readonly task: WorkerTask;

  constructor(scope: Construct, id: string, props: WorkerServiceProps) {
    super(scope, id);
    this.plan = props.plan;
    this.queues = props.queues;
    this.cluster = props.cluster;
    this.logGroup = new logs.LogGroup(this, 'Log', {
      retention: props.logRetention ?? logs.RetentionDays.TWO_WEEKS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The one place where task definitions are made: further sizes of the schedule become further WorkerTasks that
    // share the first one's roles.
    this.task = new WorkerTask(this, 'Worker', {
      plan: props.plan,
      source: props.source,
      size: { cpu: props.plan.worker.cpu, memoryMiB: props.plan.worker.memoryMiB },
      environment: workerEnvironment({
        ...props,
        stage: props.stage ?? Stack.of(this).stackName,
        beatSeconds: props.beatSeconds ?? Math.min(10, props.plan.tickSeconds),
      }),
      logGroup: this.logGroup,
      executionRole: props.executionRole,
      projectRoot: props.projectRoot,
    });
    const role = this.task.taskDefinition.taskRole;
    this.grantPrincipal = role;
    role.addToPrincipalPolicy(taskProtection(Stack.of(this), props.cluster));
    role.addToPrincipalPolicy(beacon(props.table, props.plan.service));
    for (const { queue } of props.queues) queue.grantConsumeMessages(role);
    this.service = fargateService(this, this.task.taskDefinition, props);
    // Tasks that start before the way out or their rights exist fail, and the circuit breaker counts them.
    this.service.node.addDependency(
      props.cluster.vpc.selectSubnets(props.vpcSubnets).internetConnectivityEstablished,
      this.task.taskDefinition.obtainExecutionRole(),
    );
  }

  get connections(): ec2.Connections {
    return this.service.connections;
  }

  /** One more variable for the worker's container; the value may be a token. */
  addEnvironment(name: string, value: string): void {
    this.task.container.addEnvironment(name, value);
  }
}

const fargateService = (
  scope: Construct,
  taskDefinition: ecs.FargateTaskDefinition,
  props: WorkerServiceProps,
): ecs.FargateService =>
  new ecs.FargateService(scope, 'Service', {
    cluster: props.cluster,
    taskDefinition,
    vpcSubnets: props.vpcSubnets,
    assignPublicIp: props.assignPublicIp ?? false,
    securityGroups: props.securityGroups === undefined ? undefined : [...props.securityGroups],
    capacityProviderStrategies: [...(props.capacityProviderStrategies ?? [defaultStrategy(props.spot ?? false)])],
    minHealthyPercent: props.minHealthyPercent ?? 100,
    maxHealthyPercent: props.maxHealthyPercent ?? 200,
    circuitBreaker: { enable: true, rollback: true },
    // Rebalancing stops busy workers to even out zones: jobs would pay for a balance that queue workers do not need.
    availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.DISABLED,
    propagateTags: ecs.PropagatedTagSource.SERVICE,
  });

const defaultStrategy = (spot: boolean): ecs.CapacityProviderStrategy => ({
  capacityProvider: spot ? 'FARGATE_SPOT' : 'FARGATE',
  weight: 1,
});
