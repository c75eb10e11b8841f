import type { Creator } from '../creator.ts';
import { toControlPlane } from '../to-control-plane.ts';

/** `Ref` is the ARN, which holds the load balancer's full name. */
export const createListener: Creator = (resource, context) => {
  // A listener has no name of its own.
  const { Name: _, ...Properties } = toControlPlane(resource, 'Name').Properties;
  const { arn } = context.controlPlane.elb.createListener({ logicalId: resource.logicalId, Properties });
  return { ref: arn, attributes: { ListenerArn: arn } };
};
