import type { ServicePlan } from './plan.ts';

/** What only the deployment knows of a service, beside its plan. One JSON document in SSM, written by the template. */
export interface ServiceBinding {
  readonly plan: ServicePlan;
  readonly shard: string;
  /** Cluster name or ARN. */
  readonly cluster: string;
  /** ECS service name. */
  readonly ecsService: string;
  /** In the order of `plan.queues`. */
  readonly queues: readonly { readonly name: string; readonly url: string; readonly deadLetterUrl?: string }[];
}

/** SSM names: `<path>services/<service>/<part>`; the parts of one service are joined in order. */
export const bindingParameterName = (path: string, service: string, part: number): string =>
  `${path}services/${service}/${part}`;
