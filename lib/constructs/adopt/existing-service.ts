import { Token } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { toServicePlan } from '../../config/parse-config.ts';
import type { Config } from '../../config/schema/config-schema.ts';
import type { ServicePlan } from '../../model/plan.ts';
import type { ScaledService } from '../scaled-service.ts';
import type { ServiceQueue } from '../service-queue.ts';

type ServiceWords = Omit<Config['services'][string], 'existing' | 'queue' | 'queues'>;

/** One of several queues of a service. */
export interface ExistingQueueProps {
  /** What Sluice calls it. */
  readonly name: string;
  readonly queue: sqs.IQueue;
  /** @default - the service's */
  readonly slo?: ServiceWords['slo'];
}

/** What the config says of a service (docs/configuration.md), with constructs where it has names. */
export interface ExistingServiceProps extends ServiceWords {
  /** Of this app, or imported: `ecs.FargateService.fromServiceArnWithCluster(…)`. */
  readonly service: ecs.IBaseService;
  /** @default - `queues`, or none: then the policy must not be `slo` */
  readonly queue?: sqs.IQueue;
  /** @default - `queue` alone */
  readonly queues?: readonly ExistingQueueProps[];
  /** @default - the construct's id */
  readonly name?: string;
  /** @default 10 */
  readonly tickSeconds?: number;
  /**
   * The service's target group, for policies that look at requests, latency and errors.
   * @default - the addresses in `alb`, or none
   */
  readonly targetGroup?: elbv2.ApplicationTargetGroup;
}

/** A service that Sluice did not make, for a Scaler: with it comes nothing into the template. */
export class ExistingService extends Construct implements ScaledService {
  readonly plan: ServicePlan;
  readonly service: ecs.IBaseService;
  readonly cluster: ecs.ICluster;
  readonly queues: readonly ServiceQueue[];
  readonly targetGroup?: elbv2.ApplicationTargetGroup;

  constructor(scope: Construct, id: string, props: ExistingServiceProps) {
    super(scope, id);
    const { service, queue, queues, name = id, tickSeconds, targetGroup, ...words } = props;
    this.service = service;
    this.cluster = service.cluster;
    this.queues = queues?.map((one) => ({ name: one.name, queue: one.queue })) ?? (queue ? [named(queue, name)] : []);
    this.targetGroup = targetGroup;
    this.plan = toServicePlan(
      name,
      {
        ...words,
        existing: { cluster: 'by-construct', service: 'by-construct' },
        ...(queues
          ? { queues: queues.map(({ name, queue, slo }) => ({ name, fifo: queue.fifo, ...(slo && { slo }) })) }
          : { queue: queue ? { name: named(queue, name).name, fifo: queue.fifo } : false }),
      },
      { ...(tickSeconds !== undefined && { tickSeconds }) },
    );
  }
}

/** A queue of this app has its name only when it is deployed; then the service's name stands for it. */
const named = (queue: sqs.IQueue, service: string): ServiceQueue => ({
  name: Token.isUnresolved(queue.queueName) ? service : queue.queueName,
  queue,
});
