import type { Creator } from '../creator.ts';
import { toControlPlane } from '../to-control-plane.ts';

/** `Ref` is the ARN with the revision. The process to run is in `Metadata['sluice:local']`. */
export const createTaskDefinition: Creator = (resource, context) => {
  const arn = context.controlPlane.ecs.registerTaskDefinition(toControlPlane(resource, 'Family'));
  return { ref: arn, attributes: { TaskDefinitionArn: arn } };
};
