/** What tells the kind of an ECS service, in the words of the ECS API. Absent: not known, or the API's own default. */
export interface ServiceKind {
  readonly launchType?: string | undefined;
  readonly capacityProviders?: readonly string[] | undefined;
  readonly deploymentController?: string | undefined;
  readonly schedulingStrategy?: string | undefined;
  /** Such as `Linux` or `WINDOWS_SERVER_2022_CORE`. */
  readonly operatingSystem?: string | undefined;
}

/** Why Sluice leaves a service alone. */
export interface Refusal {
  /** The field of `ServiceKind`, in the words of the ECS API. */
  readonly field: 'launchType' | 'capacityProvider' | 'deploymentController' | 'schedulingStrategy' | 'operatingSystem';
  readonly found: string;
  readonly expected: string;
  readonly mend: string;
}

/** All reasons for which a service is refused: Sluice scales replica services on Fargate and Linux that ECS itself deploys. */
export const refusalsOf = (kind: ServiceKind): readonly Refusal[] => {
  const { launchType, capacityProviders = [], deploymentController, schedulingStrategy, operatingSystem } = kind;
  const foreign = capacityProviders.filter((name) => !fargateProviders.includes(name));
  return [
    ...(launchType === undefined || launchType === 'FARGATE' ? [] : [ofLaunchType(launchType)]),
    ...foreign.map(ofCapacityProvider),
    ...(deploymentController === undefined || deploymentController === 'ECS'
      ? []
      : [ofController(deploymentController)]),
    ...(schedulingStrategy === undefined || schedulingStrategy === 'REPLICA' ? [] : [ofScheduling(schedulingStrategy)]),
    ...(/^windows/i.test(operatingSystem ?? '') ? [ofWindows(operatingSystem ?? '')] : []),
  ];
};

const fargateProviders = ['FARGATE', 'FARGATE_SPOT'];

const ofLaunchType = (found: string): Refusal => ({
  field: 'launchType',
  found: `launch type ${found}`,
  expected: 'FARGATE',
  mend:
    found === 'EXTERNAL'
      ? 'Tasks on machines outside AWS (ECS Anywhere) have no capacity that a count could ask for: move the service to Fargate.'
      : 'On EC2 the instances would have to be scaled too, and Sluice does not: move the service to Fargate, or keep its present autoscaler.',
});

const ofCapacityProvider = (found: string): Refusal => ({
  field: 'capacityProvider',
  found: `capacity provider ${found}`,
  expected: 'FARGATE or FARGATE_SPOT',
  mend: 'An Auto Scaling group behind it would have to be scaled too, and Sluice does not: use the Fargate providers.',
});

const ofController = (found: string): Refusal => ({
  field: 'deploymentController',
  found: `deployment controller ${found}`,
  expected: 'ECS, the rolling update',
  mend:
    found === 'CODE_DEPLOY'
      ? 'During a blue/green deployment CodeDeploy keeps two task sets and ECS refuses new counts: make the service anew with the controller ECS.'
      : 'With it the counts belong to task sets of somebody else: make the service anew with the controller ECS.',
});

const ofScheduling = (found: string): Refusal => ({
  field: 'schedulingStrategy',
  found: `scheduling strategy ${found}`,
  expected: 'REPLICA',
  mend: 'A daemon has one task on each instance and no desired count to set.',
});

const ofWindows = (found: string): Refusal => ({
  field: 'operatingSystem',
  found: `operating system ${found}`,
  expected: 'LINUX',
  mend: 'Windows tasks start in minutes, cannot run on Spot, and were never tried with Sluice: use a Linux image.',
});
