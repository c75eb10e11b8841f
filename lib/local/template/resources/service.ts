import type { Creator } from '../creator.ts';
import { toControlPlane } from '../to-control-plane.ts';

/** `Ref` is the ARN, `Name` the name. */
export const createService: Creator = (resource, context) => {
  const { name, arn } = context.controlPlane.ecs.createService(toControlPlane(resource, 'ServiceName'));
  return { ref: arn, name, attributes: { Name: name, ServiceArn: arn } };
};
