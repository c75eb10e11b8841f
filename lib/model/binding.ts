import type { ServicePlan } from './plan.ts';
import type { TargetGroupAddress } from './signal.ts';

/** What only the deployment knows of a service, beside its plan. One JSON document in SSM, written by the template. */
export interface ServiceBinding {
  readonly plan: ServicePlan;
  readonly shard: string;
  /** Of Sluice, at the deploy that wrote this. Absent: before 0.1.0 wrote it. */
  readonly version?: string;
  /** Cluster name or ARN. */
  readonly cluster: string;
  /** ECS service name. */
  readonly ecsService: string;
  /** The stage's table, for people's tools; the functions have it in their environment. Absent: bound before this was written. */
  readonly table?: string;
  /** ARN of the SNS topic through which people are told of alerts. Absent: they are not. */
  readonly alertTopic?: string;
  /** In the order of `plan.queues`. */
  readonly queues: readonly { readonly name: string; readonly url: string; readonly deadLetterUrl?: string }[];
  /** By size (`sizeKey`), the plan's own and each that a window names. Absent: the template did not make them, and sizes are left alone. */
  readonly taskDefinitions?: Readonly<Record<string, string>>;
  /** When the template itself makes the load balancer. A plan that names another one wins. */
  readonly alb?: TargetGroupAddress;
}

/** SSM names: `<path>services/<service>/<part>`; the parts of one service are joined in order. */
export const bindingParameterName = (path: string, service: string, part: number): string =>
  `${path}services/${service}/${part}`;

/** Where people's tools find the job records: JSON `{ table, bucket }`. Absent: no service keeps any. */
export const jobNamesParameter = (path: string): string => `${path}jobs`;

/** `/sluice/<stage>/` */
export const parameterPath = (stage: string): string => `/sluice/${stage}/`;
