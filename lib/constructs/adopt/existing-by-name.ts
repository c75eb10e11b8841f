import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { existingNames, existingQueues } from '../../config/existing.ts';
import type { CheckedService } from '../../config/schema/service-schema.ts';
import type { ServicePlan } from '../../model/plan.ts';
import type { ScaledService } from '../scaled-service.ts';
import { existingQueue } from './existing-queue.ts';

/** A service of the config that is there already. */
export interface ExistingSpec {
  readonly plan: ServicePlan;
  readonly service: CheckedService & { readonly existing: NonNullable<CheckedService['existing']> };
}

/** A service that the config names: nothing of it comes into the template but its names. */
export const existingByName = (scope: Construct, { plan, service }: ExistingSpec): ScaledService => {
  const names = existingNames(service.existing);
  const own = new Construct(scope, plan.service);
  return {
    plan,
    cluster: { clusterName: names.cluster },
    service: {
      serviceName: names.service,
      serviceArn:
        names.serviceArn ??
        Stack.of(scope).formatArn({
          service: 'ecs',
          resource: 'service',
          resourceName: `${names.cluster}/${names.service}`,
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
    },
    queues: [...existingQueues(plan.service, service)].map(([name, address]) => existingQueue(own, name, address)),
  };
};
