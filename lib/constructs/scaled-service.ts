import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ServicePlan } from '../model/plan.ts';
import type { ServiceQueue } from './service-queue.ts';

/** A service that a Scaler looks after: a `WorkerService`, or any ECS service with the queues of its plan. */
export interface ScaledService {
  readonly plan: ServicePlan;
  readonly cluster: ecs.ICluster;
  readonly service: ecs.IService;
  /** One for each queue of the plan, by the same name. */
  readonly queues: readonly ServiceQueue[];
}
