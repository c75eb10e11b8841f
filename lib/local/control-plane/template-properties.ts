import { BadInput } from '../../model/bad-input.ts';
import type { TemplateResource } from './interface.ts';

export type Properties = Readonly<Record<string, unknown>>;

/** Stops with one message that names the resource and the property. */
export const refuse = (
  resource: TemplateResource,
  path: string,
  found: unknown,
  expected: string,
  mend: string,
): never => {
  throw new BadInput([
    { path: `${resource.logicalId}.Properties.${path}`, found: JSON.stringify(found) ?? 'nothing', expected, mend },
  ]);
};

/** Which properties the model honours, and which mean nothing on one machine. Any other is refused. */
export interface KnownProperties {
  readonly modelled: readonly string[];
  readonly withoutMeaningHere: readonly string[];
}

export const refuseUnknownProperties = (
  resource: TemplateResource,
  properties: Properties,
  known: KnownProperties,
  prefix = '',
): void => {
  for (const [name, value] of Object.entries(properties)) {
    if (known.modelled.includes(name) || known.withoutMeaningHere.includes(name)) continue;
    refuse(
      resource,
      `${prefix}${name}`,
      value,
      `one of ${known.modelled.join(', ')}`,
      'The local control plane does not model it: leave it out for the local run.',
    );
  }
};

/** CloudFormation takes numbers as text too. */
export const readNumber = (
  resource: TemplateResource,
  path: string,
  value: unknown,
  range: { readonly min: number; readonly max: number },
): number => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && number >= range.min && number <= range.max) return number;
  return refuse(resource, path, value, `a number from ${range.min} to ${range.max}`, 'Correct the construct.');
};

export const readText = (resource: TemplateResource, path: string, value: unknown): string =>
  typeof value === 'string' && value !== ''
    ? value
    : refuse(resource, path, value, 'a text', 'Did a reference stay unresolved?');

export const readList = (resource: TemplateResource, path: string, value: unknown): readonly unknown[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : refuse(resource, path, value, 'a list', 'Correct the construct.');
};

export const readObject = (resource: TemplateResource, path: string, value: unknown): Properties => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Properties;
  return refuse(resource, path, value, 'an object', 'Correct the construct.');
};

/** CloudFormation takes "true" as well as true. */
export const readBoolean = (value: unknown, otherwise: boolean): boolean =>
  value === undefined ? otherwise : value === true || value === 'true';

/** The given name, or the logical id where the template left the naming to CloudFormation. */
export const physicalName = (resource: TemplateResource, property: string): string => {
  const given = resource.Properties[property];
  return given === undefined ? resource.logicalId : readText(resource, property, given);
};
