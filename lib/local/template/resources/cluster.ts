import type { Creator } from '../creator.ts';
import { toControlPlane } from '../to-control-plane.ts';

/** `Ref` is the name. */
export const createCluster: Creator = (resource, context) => {
  const { name, arn } = context.controlPlane.ecs.createCluster(toControlPlane(resource, 'ClusterName'));
  return { ref: name, attributes: { Arn: arn } };
};
