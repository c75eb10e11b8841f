import type { ServiceSpec } from '../../simulate/cloud/ecs/commands.ts';
import type { TemplateResource } from './interface.ts';
import {
  type KnownProperties,
  physicalName,
  readBoolean,
  readList,
  readNumber,
  readObject,
  readText,
  refuse,
  refuseUnknownProperties,
} from './template-properties.ts';

/** AWS::ECS::Service → what the model creates. Throws BadInput. */
export const readService = (
  resource: TemplateResource,
  /** Deregistration delay by a target group's ARN; undefined: there is no such group. */
  drainSecondsOf: (targetGroup: string) => number | undefined = () => undefined,
): ServiceSpec => {
  const properties = resource.Properties;
  refuseUnknownProperties(resource, properties, knownProperties);
  refuseOtherKinds(resource);
  const desired = properties.DesiredCount;
  return {
    name: physicalName(resource, 'ServiceName'),
    cluster: properties.Cluster === undefined ? 'default' : readText(resource, 'Cluster', properties.Cluster),
    taskDefinition: readText(resource, 'TaskDefinition', properties.TaskDefinition),
    ...(desired === undefined
      ? {}
      : { desiredCount: readNumber(resource, 'DesiredCount', desired, { min: 0, max: 5000 }) }),
    ...readDeploymentConfiguration(resource),
    capacityProviderStrategy: readStrategy(resource),
    ...readLoadBalancers(resource, drainSecondsOf),
  };
};

const knownProperties: KnownProperties = {
  modelled: [
    'ServiceName',
    'Cluster',
    'TaskDefinition',
    'DesiredCount',
    'DeploymentConfiguration',
    'CapacityProviderStrategy',
    'LoadBalancers',
    'HealthCheckGracePeriodSeconds',
    'LaunchType',
    'SchedulingStrategy',
    'DeploymentController',
    'AvailabilityZoneRebalancing',
  ],
  withoutMeaningHere: [
    'NetworkConfiguration',
    'EnableECSManagedTags',
    'EnableExecuteCommand',
    'PropagateTags',
    'PlatformVersion',
    'Role',
    'Tags',
  ],
};

/** One kind of service is modelled; properties that say so are welcome, others are not silently taken for it. */
const refuseOtherKinds = (resource: TemplateResource): void => {
  const { LaunchType, SchedulingStrategy, DeploymentController } = resource.Properties;
  const type = (DeploymentController as { readonly Type?: unknown } | undefined)?.Type;
  const rules = [
    ['LaunchType', LaunchType, 'FARGATE'],
    ['SchedulingStrategy', SchedulingStrategy, 'REPLICA'],
    ['DeploymentController.Type', type, 'ECS'],
  ] as const;
  for (const [path, value, modelled] of rules) {
    if (value !== undefined && value !== modelled)
      refuse(resource, path, value, modelled, 'No other kind is modelled.');
  }
};

const readDeploymentConfiguration = (resource: TemplateResource): Partial<ServiceSpec> => {
  if (resource.Properties.DeploymentConfiguration === undefined) return {};
  const path = 'DeploymentConfiguration';
  const configuration = readObject(resource, path, resource.Properties.DeploymentConfiguration);
  refuseUnknownProperties(resource, configuration, knownConfiguration, `${path}.`);
  const {
    MinimumHealthyPercent: lower,
    MaximumPercent: upper,
    DeploymentCircuitBreaker: breaker,
    Strategy,
  } = configuration;
  if (Strategy !== undefined && Strategy !== 'ROLLING')
    refuse(resource, `${path}.Strategy`, Strategy, 'ROLLING', 'Only rolling updates are modelled.');
  const { Enable, Rollback } = (breaker ?? {}) as { readonly Enable?: unknown; readonly Rollback?: unknown };
  return {
    ...(lower === undefined
      ? {}
      : { minimumHealthyPercent: readNumber(resource, `${path}.MinimumHealthyPercent`, lower, { min: 0, max: 100 }) }),
    ...(upper === undefined
      ? {}
      : { maximumPercent: readNumber(resource, `${path}.MaximumPercent`, upper, { min: 100, max: 10_000 }) }),
    ...(readBoolean(Enable, false) ? { circuitBreaker: { rollback: readBoolean(Rollback, false) } } : {}),
  };
};

const knownConfiguration: KnownProperties = {
  modelled: ['MinimumHealthyPercent', 'MaximumPercent', 'DeploymentCircuitBreaker', 'Strategy'],
  withoutMeaningHere: [],
};

const readLoadBalancers = (
  resource: TemplateResource,
  drainSecondsOf: (targetGroup: string) => number | undefined,
): Pick<ServiceSpec, 'loadBalancing'> => {
  const { LoadBalancers, HealthCheckGracePeriodSeconds: grace = 0 } = resource.Properties;
  const targetGroups = readList(resource, 'LoadBalancers', LoadBalancers).map((item, index) => {
    const path = `LoadBalancers.${index}.TargetGroupArn`;
    const arn = readText(resource, path, readObject(resource, `LoadBalancers.${index}`, item).TargetGroupArn);
    if (drainSecondsOf(arn) === undefined)
      refuse(
        resource,
        path,
        arn,
        'a target group of this app',
        'Create it in the app; a Classic Load Balancer is not modelled.',
      );
    return arn;
  });
  if (targetGroups.length === 0) return {};
  const drainSeconds = Math.max(...targetGroups.map((arn) => drainSecondsOf(arn) ?? 0));
  const range = { min: 0, max: 2_147_483_647 };
  return {
    loadBalancing: {
      targetGroups,
      drainSeconds,
      graceSeconds: readNumber(resource, 'HealthCheckGracePeriodSeconds', grace, range),
    },
  };
};

const readStrategy = (resource: TemplateResource): NonNullable<ServiceSpec['capacityProviderStrategy']> =>
  readList(resource, 'CapacityProviderStrategy', resource.Properties.CapacityProviderStrategy).map((item, index) => {
    const path = `CapacityProviderStrategy.${index}`;
    const { CapacityProvider, Base, Weight } = readObject(resource, path, item);
    return {
      capacityProvider: readText(resource, `${path}.CapacityProvider`, CapacityProvider),
      base: readNumber(resource, `${path}.Base`, Base ?? 0, { min: 0, max: 100_000 }),
      weight: readNumber(resource, `${path}.Weight`, Weight ?? 0, { min: 0, max: 1000 }),
    };
  });
