import type { TargetGroup } from '../../simulate/cloud/alb/types.ts';
import type { TemplateResource } from './interface.ts';
import {
  type KnownProperties,
  physicalName,
  readList,
  readNumber,
  readObject,
  readText,
  refuse,
  refuseUnknownProperties,
} from './template-properties.ts';

/** AWS::ElasticLoadBalancingV2::LoadBalancer. Throws BadInput. */
export const readLoadBalancer = (resource: TemplateResource): { readonly name: string } => {
  refuseUnknownProperties(resource, resource.Properties, knownOfLoadBalancer);
  onlyKinds(resource, [['Type', 'application']]);
  return { name: physicalName(resource, 'Name') };
};

const knownOfLoadBalancer: KnownProperties = {
  modelled: ['Name', 'Type'],
  withoutMeaningHere: [
    'Scheme',
    'IpAddressType',
    'SecurityGroups',
    'Subnets',
    'SubnetMappings',
    'LoadBalancerAttributes',
    'Tags',
  ],
};

/** AWS::ElasticLoadBalancingV2::TargetGroup, with AWS' defaults. Throws BadInput. */
export const readTargetGroup = (
  resource: TemplateResource,
): Pick<TargetGroup, 'health' | 'deregistrationDelaySeconds'> & { readonly name: string } => {
  const { Properties: properties } = resource;
  refuseUnknownProperties(resource, properties, knownOfTargetGroup);
  onlyKinds(resource, [
    ['TargetType', 'ip'],
    ['Protocol', 'HTTP'],
    ['ProtocolVersion', 'HTTP1'],
    ['HealthCheckProtocol', 'HTTP'],
    ['HealthCheckPort', 'traffic-port'],
    ['HealthCheckEnabled', true],
  ]);
  const number = (name: string, usual: number, min: number, max: number): number =>
    readNumber(resource, name, properties[name] ?? usual, { min, max });
  return {
    name: physicalName(resource, 'Name'),
    health: {
      path:
        properties.HealthCheckPath === undefined
          ? '/'
          : readText(resource, 'HealthCheckPath', properties.HealthCheckPath),
      intervalSeconds: number('HealthCheckIntervalSeconds', 30, 5, 300),
      timeoutSeconds: number('HealthCheckTimeoutSeconds', 5, 2, 120),
      healthyThreshold: number('HealthyThresholdCount', 5, 2, 10),
      unhealthyThreshold: number('UnhealthyThresholdCount', 2, 2, 10),
      good: readMatcher(resource),
    },
    deregistrationDelaySeconds: readAttributes(resource),
  };
};

const knownOfTargetGroup: KnownProperties = {
  modelled: [
    'Name',
    'TargetType',
    'Protocol',
    'ProtocolVersion',
    'HealthCheckProtocol',
    'HealthCheckPort',
    'HealthCheckEnabled',
    'HealthCheckPath',
    'HealthCheckIntervalSeconds',
    'HealthCheckTimeoutSeconds',
    'HealthyThresholdCount',
    'UnhealthyThresholdCount',
    'Matcher',
    'TargetGroupAttributes',
  ],
  withoutMeaningHere: ['Port', 'VpcId', 'IpAddressType', 'Tags'],
};

/** `200`, `200,204` or `200-299`. */
const readMatcher = (resource: TemplateResource): TargetGroup['health']['good'] => {
  const { HttpCode = '200' } = readObject(resource, 'Matcher', resource.Properties.Matcher ?? {});
  return String(HttpCode)
    .split(',')
    .map((part) => {
      const [from = Number.NaN, to = from] = part.split('-').map(Number);
      if (!(from >= 100 && to >= from && to <= 599))
        refuse(
          resource,
          'Matcher.HttpCode',
          HttpCode,
          'codes such as 200, 200,204 or 200-299',
          'Correct the construct.',
        );
      return [from, to] as const;
    });
};

/** Attributes whose modelled value is what AWS does by itself. */
const fixedAttributes: Readonly<Record<string, string>> = {
  'stickiness.enabled': 'false',
  'load_balancing.algorithm.type': 'round_robin',
  'slow_start.duration_seconds': '0',
};

const readAttributes = (resource: TemplateResource): number => {
  let delay = 300;
  readList(resource, 'TargetGroupAttributes', resource.Properties.TargetGroupAttributes).forEach((item, index) => {
    const path = `TargetGroupAttributes.${index}`;
    const { Key, Value } = readObject(resource, path, item);
    const key = readText(resource, `${path}.Key`, Key);
    if (key === 'deregistration_delay.timeout_seconds')
      delay = readNumber(resource, `${path}.Value`, Value, { min: 0, max: 3600 });
    else if (String(Value) !== fixedAttributes[key])
      refuse(
        resource,
        path,
        item,
        `deregistration_delay.timeout_seconds, ${shownAttributes}`,
        'Nothing else is modelled.',
      );
  });
  return delay;
};

const shownAttributes = Object.entries(fixedAttributes)
  .map(([key, value]) => `${key}=${value}`)
  .join(', ');

/** AWS::ElasticLoadBalancingV2::Listener: plain HTTP, everything to one target group. Throws BadInput. */
export const readListener = (
  resource: TemplateResource,
): { readonly loadBalancer: string; readonly targetGroup: string } => {
  const { Properties: properties } = resource;
  refuseUnknownProperties(resource, properties, {
    modelled: ['LoadBalancerArn', 'Protocol', 'DefaultActions'],
    withoutMeaningHere: ['Port'],
  });
  onlyKinds(resource, [['Protocol', 'HTTP']]);
  const actions = readList(resource, 'DefaultActions', properties.DefaultActions);
  const action = readObject(resource, 'DefaultActions.0', actions[0]);
  const groups = readList(
    resource,
    'DefaultActions.0.ForwardConfig.TargetGroups',
    readObject(resource, 'DefaultActions.0.ForwardConfig', action.ForwardConfig ?? {}).TargetGroups,
  );
  const [group] = groups as readonly { readonly TargetGroupArn?: unknown }[];
  if (actions.length !== 1 || action.Type !== 'forward' || groups.length > 1)
    refuse(
      resource,
      'DefaultActions',
      actions,
      'one forward action to one target group',
      'Rules and weights are not modelled.',
    );
  return {
    loadBalancer: readText(resource, 'LoadBalancerArn', properties.LoadBalancerArn),
    targetGroup: readText(resource, 'DefaultActions.0.TargetGroupArn', action.TargetGroupArn ?? group?.TargetGroupArn),
  };
};

const onlyKinds = (
  resource: TemplateResource,
  kinds: readonly (readonly [name: string, modelled: unknown])[],
): void => {
  for (const [name, modelled] of kinds) {
    const value = resource.Properties[name];
    if (value !== undefined && String(value) !== String(modelled))
      refuse(resource, name, value, String(modelled), 'No other kind is modelled.');
  }
};
