import type { Creator } from '../creator.ts';
import { toControlPlane } from '../to-control-plane.ts';

/** `Ref` is the ARN. `DNSName` has the port in it, so that `http://` before it is an address on this machine. */
export const createLoadBalancer: Creator = async (resource, context) => {
  const made = await context.controlPlane.elb.createLoadBalancer(toControlPlane(resource, 'Name'));
  return {
    ref: made.arn,
    name: made.name,
    attributes: {
      LoadBalancerArn: made.arn,
      LoadBalancerName: made.name,
      LoadBalancerFullName: made.fullName,
      DNSName: made.dnsName,
    },
  };
};
