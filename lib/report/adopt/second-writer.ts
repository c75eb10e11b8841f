/** A service as Sluice knows it, by the names in its binding. */
export interface WatchedService {
  readonly service: string;
  /** Name or ARN. */
  readonly cluster: string;
  readonly ecsService: string;
  readonly mode: 'act' | 'shadow';
}

/** Of `DescribeScalableTargets` in the namespace `ecs`. */
export interface ScalableTargetSeen {
  readonly ResourceId?: string | undefined;
  readonly ScalableDimension?: string | undefined;
  readonly MinCapacity?: number | undefined;
  readonly MaxCapacity?: number | undefined;
  readonly SuspendedState?:
    | {
        readonly DynamicScalingInSuspended?: boolean | undefined;
        readonly DynamicScalingOutSuspended?: boolean | undefined;
        readonly ScheduledScalingSuspended?: boolean | undefined;
      }
    | undefined;
}

/** Of `DescribeScalingPolicies` in the namespace `ecs`. */
export interface ScalingPolicySeen {
  readonly ResourceId?: string | undefined;
  readonly PolicyName?: string | undefined;
  readonly PolicyType?: string | undefined;
}

/** An autoscaler on a service of Sluice's, and how it is taken off step by step. */
export interface SecondWriter {
  /** `error`: both set the count. `warning`: it is suspended, and one command away from it. `info`: Sluice only watches. */
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: 'scalableTarget' | 'scalableTargetSuspended' | 'scalableTargetWatched';
  readonly service: string;
  readonly found: string;
  readonly expected: string;
  readonly mend: string;
  /** For a shell with the AWS CLI, in this order. */
  readonly commands: HandOver;
}

export interface HandOver {
  /** Keeps what there is, for `sluice import` and for the way back. */
  readonly save: readonly string[];
  /** Nothing is lost: policies and schedules stay, and do nothing. */
  readonly suspend: string;
  /** The way back. */
  readonly goOn: string;
  /** For good: it deletes the policies, their alarms and the scheduled actions. */
  readonly deregister: string;
}

/** The Application Auto Scaling target on a service, if there is one. */
export const secondWriter = (
  watched: WatchedService,
  targets: readonly ScalableTargetSeen[],
  policies: readonly ScalingPolicySeen[],
): SecondWriter | undefined => {
  const resource = resourceIdOf(watched);
  const target = targets.find(
    ({ ResourceId, ScalableDimension = dimension }) => ResourceId === resource && ScalableDimension === dimension,
  );
  if (target === undefined) return undefined;
  const found = `an Application Auto Scaling target on ${resource} (${target.MinCapacity ?? '?'} to ${target.MaxCapacity ?? '?'} tasks; ${policiesText(policies.filter(({ ResourceId }) => ResourceId === resource))})`;
  return { ...verdict(watched, target), service: watched.service, found, commands: handOver(resource) };
};

const dimension = 'ecs:service:DesiredCount';

/** `service/<cluster>/<service>`, as Application Auto Scaling calls an ECS service. */
export const resourceIdOf = ({ cluster, ecsService }: Pick<WatchedService, 'cluster' | 'ecsService'>): string =>
  `service/${lastPart(cluster)}/${lastPart(ecsService)}`;

export const lastPart = (nameOrArn: string): string => nameOrArn.split('/').at(-1) ?? nameOrArn;

const policiesText = (policies: readonly ScalingPolicySeen[]): string =>
  policies.length === 0
    ? 'no policy'
    : policies.map(({ PolicyName, PolicyType }) => `${PolicyType ?? 'policy'} "${PolicyName ?? ''}"`).join(', ');

const verdict = (
  { mode }: WatchedService,
  { SuspendedState }: ScalableTargetSeen,
): Pick<SecondWriter, 'severity' | 'code' | 'expected' | 'mend'> => {
  const suspended = [
    SuspendedState?.DynamicScalingInSuspended,
    SuspendedState?.DynamicScalingOutSuspended,
    SuspendedState?.ScheduledScalingSuspended,
  ].every((one) => one === true);
  if (suspended)
    return {
      severity: mode === 'act' ? 'warning' : 'info',
      code: 'scalableTargetSuspended',
      expected: 'no target, once Sluice is trusted',
      mend: 'It is suspended and sets no count. Deregister it when the way back is no longer wanted.',
    };
  if (mode === 'shadow')
    return {
      severity: 'info',
      code: 'scalableTargetWatched',
      expected: 'that, while Sluice only watches',
      mend: 'To hand over: suspend it, set "mode": "act", deploy.',
    };
  return {
    severity: 'error',
    code: 'scalableTarget',
    expected: 'Sluice alone to set the desired count',
    mend: 'Suspend it, or set "mode": "shadow". A target of a CloudFormation stack comes back with its next deploy: remove it there too.',
  };
};

const handOver = (resource: string): HandOver => {
  const of = `--service-namespace ecs --resource-id ${resource}`;
  const target = `${of} --scalable-dimension ${dimension}`;
  const suspend = (yes: boolean): string =>
    `aws application-autoscaling register-scalable-target ${target} --suspended-state DynamicScalingInSuspended=${yes},DynamicScalingOutSuspended=${yes},ScheduledScalingSuspended=${yes}`;
  return {
    save: [
      `aws application-autoscaling describe-scalable-targets --service-namespace ecs --resource-ids ${resource} > scalable-targets.json`,
      `aws application-autoscaling describe-scaling-policies ${of} > scaling-policies.json`,
      `aws application-autoscaling describe-scheduled-actions ${of} > scheduled-actions.json`,
    ],
    suspend: suspend(true),
    goOn: suspend(false),
    deregister: `aws application-autoscaling deregister-scalable-target ${target}`,
  };
};
