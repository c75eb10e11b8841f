import { checkProperties, refuseValue } from '../check-properties.ts';
import type { Creator } from '../creator.ts';
import { physicalName } from '../physical-name.ts';

/** `Ref` is the name. */
export const createParameter: Creator = (resource, context) => {
  checkProperties(resource, ['Name', 'Type', 'Value'], ['AllowedPattern', 'DataType', 'Description', 'Tier']);
  const { Name, Type, Value } = resource.properties;
  if (typeof Value !== 'string') throw refuseValue(resource, 'Value', 'text', 'Give the parameter a text value.');
  const name = typeof Name === 'string' ? Name : physicalName(resource.stack, resource.logicalId);
  context.controlPlane.ssm.putParameter(name, Value);
  return { ref: name, attributes: { Type: String(Type), Value } };
};
