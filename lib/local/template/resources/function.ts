import { checkProperties, refuseValue } from '../check-properties.ts';
import type { Creator, ResolvedResource } from '../creator.ts';
import { physicalName } from '../physical-name.ts';
import { isObject } from '../template.ts';

const honoured = [
  'Code',
  'DeadLetterConfig',
  'Environment',
  'FunctionName',
  'Handler',
  'MemorySize',
  'ReservedConcurrentExecutions',
  'Runtime',
  'Timeout',
];
const withoutLocalEffect = [
  'Architectures',
  'Description',
  'EphemeralStorage',
  'LoggingConfig',
  'PackageType',
  'RecursiveLoop',
  'Role',
  'RuntimeManagementConfig',
  'TracingConfig',
  'VpcConfig',
];

/** `Ref` is the name. Runs from its bundled asset. */
export const createFunction: Creator = (resource, context) => {
  checkProperties(resource, honoured, withoutLocalEffect);
  const { properties } = resource;
  if (!String(properties.Runtime).startsWith('nodejs')) {
    throw refuseValue(resource, 'Runtime', 'a Node.js runtime', 'Write the function in TypeScript.');
  }
  const key = isObject(properties.Code) ? properties.Code.S3Key : undefined;
  const directory = typeof key === 'string' ? context.assetPath(key) : undefined;
  if (directory === undefined) {
    throw refuseValue(resource, 'Code', 'a file asset of this app', 'Use NodejsFunction or Code.fromAsset.');
  }
  const name = String(properties.FunctionName ?? physicalName(resource.stack, resource.logicalId));
  const deadLetterArn = isObject(properties.DeadLetterConfig) ? properties.DeadLetterConfig.TargetArn : undefined;
  const { arn } = context.lambda.createFunction({
    name,
    directory,
    handler: String(properties.Handler),
    environment: environment(resource),
    timeoutSeconds: Number(properties.Timeout ?? 3),
    memoryMiB: Number(properties.MemorySize ?? 128),
    ...(properties.ReservedConcurrentExecutions === undefined
      ? {}
      : { reservedConcurrency: Number(properties.ReservedConcurrentExecutions) }),
    ...(deadLetterArn === undefined ? {} : { deadLetterArn: String(deadLetterArn) }),
  });
  return { ref: name, attributes: { Arn: arn } };
};

const environment = (resource: ResolvedResource): Readonly<Record<string, string>> => {
  const { Environment } = resource.properties;
  const variables = isObject(Environment) && isObject(Environment.Variables) ? Environment.Variables : {};
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]));
};
