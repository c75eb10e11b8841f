import { Duration } from 'aws-cdk-lib';
import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ServicePlan } from '../../model/plan.ts';
import type { ScaledService } from '../scaled-service.ts';
import { WorkerService, type WorkerServiceProps } from '../worker/worker-service.ts';
import type { WorkerTask } from '../worker/worker-task.ts';
import { webDoor } from './web-door.ts';

/** Where requests come in, when the load balancer is the user's own. */
export interface GivenListener {
  readonly listener: elbv2.IApplicationListener;
  /**
   * Which requests are for this service. Needed but for the listener's default action.
   * @default - all of them: the default action
   */
  readonly conditions?: readonly elbv2.ListenerCondition[];
  /** @default - needed with `conditions` */
  readonly priority?: number;
}

export interface WebServiceProps
  extends Omit<WorkerServiceProps, 'queues' | 'zoneRebalancing' | 'healthCheckGracePeriod'> {
  /**
   * On which the container listens; it has it in PORT too.
   * @default 8080
   */
  readonly port?: number;
  /**
   * Answers 200 when the task may have requests.
   * @default '/health'
   */
  readonly healthPath?: string;
  /**
   * After the start of a task, failing health checks do not count for this long.
   * @default Duration.seconds(60)
   */
  readonly healthGrace?: Duration;
  /** @default - a load balancer of its own */
  readonly behind?: GivenListener;
  /**
   * Whether the whole internet may reach the load balancer of its own, or its network alone.
   * @default false
   */
  readonly public?: boolean;
  /**
   * Of the load balancer of its own: HTTPS, and HTTP is sent there.
   * @default - plain HTTP
   */
  readonly certificate?: acm.ICertificate;
  /** @default - public subnets for a public one, else those of the tasks */
  readonly loadBalancerSubnets?: ec2.SubnetSelection;
}

/**
 * A Fargate service behind an application load balancer, without a queue. All policies but `slo` work for it, from the
 * target group's requests, latency and errors and from CPU and memory.
 */
export class WebService extends Construct implements ScaledService, iam.IGrantable, ec2.IConnectable {
  readonly plan: ServicePlan;
  readonly cluster: ecs.ICluster;
  readonly service: ecs.FargateService;
  readonly tasks: readonly WorkerTask[];
  readonly queues = [];
  readonly targetGroup: elbv2.ApplicationTargetGroup;
  /** Absent: it stands behind a listener of the user's own. */
  readonly loadBalancer?: elbv2.ApplicationLoadBalancer;
  private readonly worker: WorkerService;

  constructor(scope: Construct, id: string, props: WebServiceProps) {
    super(scope, id);
    const { port = 8080, healthPath = '/health', healthGrace = Duration.seconds(60) } = props;
    if (props.plan.queues.length > 0)
      throw new Error(
        `${this.node.path}: found the queue "${props.plan.queues[0]?.name}"; expected a plan without queues. ` +
          'Set "queue": false, or make it a WorkerService.',
      );
    this.worker = new WorkerService(this, 'Worker', {
      ...props,
      source: { ...props.source, environment: { ...props.source.environment, PORT: String(port) } },
      queues: [],
      healthCheckGracePeriod: healthGrace,
      // Web tasks have no jobs to lose, and a zone that fails must not take all of them.
      zoneRebalancing: true,
    });
    this.plan = props.plan;
    this.cluster = props.cluster;
    this.service = this.worker.service;
    this.tasks = this.worker.tasks;
    for (const { container } of this.tasks) container.addPortMappings({ containerPort: port });
    this.targetGroup = new elbv2.ApplicationTargetGroup(this, 'Targets', {
      vpc: props.cluster.vpc,
      port,
      protocol: elbv2.ApplicationProtocol.HTTP,
      targets: [this.service],
      // Long enough for requests, short enough for a task's stop timeout.
      deregistrationDelay: Duration.seconds(Math.min(30, props.plan.worker.stopTimeoutSeconds)),
      healthCheck: {
        path: healthPath,
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
    this.loadBalancer = webDoor(this, props, this.targetGroup);
  }

  get grantPrincipal(): iam.IPrincipal {
    return this.worker.grantPrincipal;
  }

  get connections(): ec2.Connections {
    return this.service.connections;
  }

  /** One more variable for the container; the value may be a token. */
  addEnvironment(name: string, value: string): void {
    this.worker.addEnvironment(name, value);
  }
}
