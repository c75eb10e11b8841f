import { BadInput } from '../../model/bad-input.ts';
import type { ResolvedResource } from './creator.ts';

/**
 * Refuses properties that the local cloud neither honours nor may leave out: a template that means more than what
 * happens here must not look as if it worked.
 */
export const checkProperties = (
  resource: ResolvedResource,
  honoured: readonly string[],
  withoutLocalEffect: readonly string[],
): void => {
  const known = new Set([...honoured, ...withoutLocalEffect, 'Tags']);
  const unknown = Object.keys(resource.properties).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new BadInput(
    unknown.map((name) => ({
      path: `${resourcePath(resource)}.${name}`,
      found: `property ${name} of ${resource.type}`,
      expected: `one of ${[...known].join(', ')}`,
      mend: 'The local cloud does not model it: leave it out of the app that runs locally.',
    })),
  );
};

/** One refused value of a resource. */
export const refuseValue = (resource: ResolvedResource, property: string, expected: string, mend: string): BadInput =>
  new BadInput([
    {
      path: `${resourcePath(resource)}.${property}`,
      found: JSON.stringify(property.split('.').reduce<unknown>(child, resource.properties)) ?? 'nothing',
      expected,
      mend,
    },
  ]);

const child = (value: unknown, key: string): unknown => (value as Record<string, unknown> | undefined)?.[key];

export const resourcePath = (resource: ResolvedResource): string =>
  `${resource.stack}.${resource.logicalId}.Properties`;
