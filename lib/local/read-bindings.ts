import type { ServiceBinding } from '../model/binding.ts';
import type { StackResource } from './template/create-stack.ts';

/** The services of the template, read from the same SSM parameters that the tick function reads. */
export const readBindings = (resources: readonly StackResource[]): readonly ServiceBinding[] => {
  const partsByService = new Map<string, string[]>();
  for (const { type, ref, attributes } of resources) {
    const match = type === 'AWS::SSM::Parameter' ? /^(\/sluice\/.*services\/[^/]+)\/(\d+)$/.exec(ref) : null;
    if (match?.[1] === undefined) continue;
    const parts = partsByService.get(match[1]) ?? [];
    parts[Number(match[2])] = attributes?.Value ?? '';
    partsByService.set(match[1], parts);
  }
  return [...partsByService.values()].map((parts) => JSON.parse(parts.join('')) as ServiceBinding);
};
