import type { TemplateResource } from '../control-plane/interface.ts';
import type { ResolvedResource } from './creator.ts';
import { physicalName } from './physical-name.ts';

/**
 * Hands a resource over to the control plane. Two stacks may use the same logical id, so what has no name gets one
 * that holds both. CDK also writes empty lists (`LoadBalancers: []`) that mean nothing; those go.
 */
export const toControlPlane = (resource: ResolvedResource, nameProperty: string): TemplateResource => ({
  logicalId: resource.logicalId,
  Properties: {
    [nameProperty]: physicalName(resource.stack, resource.logicalId),
    ...Object.fromEntries(Object.entries(resource.properties).filter(([, value]) => !isEmptyList(value))),
  },
  Metadata: resource.metadata,
});

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
