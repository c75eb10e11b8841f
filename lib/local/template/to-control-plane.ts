import type { TemplateResource } from '../control-plane/interface.ts';
import type { ResolvedResource } from './creator.ts';
import { physicalName } from './physical-name.ts';

/** Two stacks may use the same logical id, so the control plane names things after both. */
export const toControlPlane = (resource: ResolvedResource): TemplateResource => ({
  logicalId: physicalName(resource.stack, resource.logicalId),
  Properties: resource.properties,
  Metadata: resource.metadata,
});
