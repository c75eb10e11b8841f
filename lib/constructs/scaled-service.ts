import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ServicePlan, TaskSize } from '../model/plan.ts';
import type { ServiceQueue } from './service-queue.ts';

export interface SizedTask {
  readonly size: TaskSize;
  readonly taskDefinition: ecs.TaskDefinition;
}

/** A service that a Scaler looks after: a `WorkerService`, or any ECS service with the queues of its plan. */
export interface ScaledService {
  readonly plan: ServicePlan;
  readonly cluster: Pick<ecs.ICluster, 'clusterName'>;
  readonly service: Pick<ecs.IService, 'serviceName' | 'serviceArn'>;
  /**
   * The task definitions of the template by size, all with the same roles. With more than one, Sluice changes the size
   * as the schedule says.
   * @default - none that Sluice knows of; the size is left alone
   */
  readonly tasks?: readonly SizedTask[];
  /** One for each queue of the plan, by the same name. */
  readonly queues: readonly ServiceQueue[];
  /**
   * Where requests per second, latency and errors come from. It must have its load balancer already.
   * @default - the plan's own `alb`, or what the tasks report
   */
  readonly targetGroup?: elbv2.ApplicationTargetGroup;
}
