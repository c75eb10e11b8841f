import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnService, CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Construct, type IConstruct } from 'constructs';
import { formatIssue, type InputIssue } from '../../model/bad-input.ts';
import { refusalsOf } from '../../model/unsupported-service.ts';
import type { ScaledService } from '../scaled-service.ts';

/** What at synthesis speaks against scaling a service: its kind, and others in the app that set its count too. */
export const faultsOf = (scope: Construct, target: ScaledService): readonly string[] => {
  // In shadow somebody else scales, and is meant to.
  const writers = target.plan.mode === 'shadow' ? [] : [...scalableTargets(scope, target), ...desiredCount(target)];
  return [...kindFaults(target), ...writers].map(formatIssue);
};

const scalableTargets = (scope: Construct, { plan, cluster, service }: ScaledService): readonly InputIssue[] =>
  scope.node.root.node
    .findAll()
    .filter(isScalableTarget)
    .filter((target) => {
      // In the target's own stack: there a name from another stack reads the same on both sides.
      const stack = Stack.of(target);
      const wanted = stack.resolve(`service/${cluster.clusterName}/${service.serviceName}`);
      return JSON.stringify(stack.resolve(target.resourceId)) === JSON.stringify(wanted);
    })
    .map((target) => ({
      path: target.node.path,
      found: `an Application Auto Scaling target on the service ${plan.service}`,
      expected: 'Sluice alone to set its desired count',
      mend:
        'Remove "autoScaleTaskCount(…)" from the service, or let Sluice watch with mode "shadow" until you do; ' +
        'docs/adopt.md has the commands that hand over a target that is deployed already.',
    }));

interface ScalableTarget extends CfnResource {
  readonly resourceId: string;
}

const isScalableTarget = (construct: IConstruct): construct is ScalableTarget =>
  CfnResource.isCfnResource(construct) &&
  construct.cfnResourceType === 'AWS::ApplicationAutoScaling::ScalableTarget' &&
  'resourceId' in construct;

const desiredCount = ({ plan, service }: ScaledService): readonly InputIssue[] => {
  const resource = cfnService(service);
  if (resource?.desiredCount === undefined) return [];
  return [
    {
      path: resource.node.path,
      found: `DesiredCount ${resource.desiredCount} in the template of ${plan.service}`,
      expected: 'none',
      mend: 'Remove "desiredCount" from the service: each deploy would set the count back to it.',
    },
  ];
};

const kindFaults = ({ plan, service }: ScaledService): readonly InputIssue[] => {
  const resource = cfnService(service);
  if (resource === undefined) return [];
  const { launchType, capacityProviderStrategy, deploymentController, schedulingStrategy } = Stack.of(resource).resolve(
    {
      launchType: resource.launchType,
      capacityProviderStrategy: resource.capacityProviderStrategy,
      deploymentController: resource.deploymentController,
      schedulingStrategy: resource.schedulingStrategy,
    },
  );
  const refusals = refusalsOf({
    launchType,
    capacityProviders: textsOf(capacityProviderStrategy, 'capacityProvider'),
    deploymentController: deploymentController?.type,
    schedulingStrategy,
    operatingSystem: operatingSystem(service),
  });
  return refusals.map(({ found, expected, mend }) => ({
    path: resource.node.path,
    found: `${found} of the service ${plan.service}`,
    expected,
    mend,
  }));
};

/** A provider that is a reference is one of the app's own: an Auto Scaling group, since the Fargate ones have plain names. */
const textsOf = (list: unknown, field: string): readonly string[] =>
  Array.isArray(list)
    ? list.map((item: Record<string, unknown>) => (typeof item[field] === 'string' ? item[field] : 'of the app'))
    : [];

const operatingSystem = (service: ScaledService['service']): string | undefined => {
  const definition = 'taskDefinition' in service ? service.taskDefinition : undefined;
  const resource = Construct.isConstruct(definition) ? definition.node.defaultChild : undefined;
  if (!(resource instanceof CfnTaskDefinition)) return undefined;
  return Stack.of(resource).resolve(resource.runtimePlatform)?.operatingSystemFamily;
};

/** Absent: the service is imported, and nothing but its names is known. */
const cfnService = (service: ScaledService['service']): CfnService | undefined => {
  const resource = Construct.isConstruct(service) ? service.node.defaultChild : undefined;
  return resource instanceof CfnService ? resource : undefined;
};
