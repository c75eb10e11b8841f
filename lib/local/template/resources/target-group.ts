import type { Creator } from '../creator.ts';
import { toControlPlane } from '../to-control-plane.ts';

/** `Ref` is the ARN. */
export const createTargetGroup: Creator = (resource, context) => {
  const { arn, name, fullName } = context.controlPlane.elb.createTargetGroup(toControlPlane(resource, 'Name'));
  return {
    ref: arn,
    name,
    attributes: { TargetGroupArn: arn, TargetGroupName: name, TargetGroupFullName: fullName },
  };
};
