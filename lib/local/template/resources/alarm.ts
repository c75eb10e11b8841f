import type { Creator } from '../creator.ts';
import { toControlPlane } from '../to-control-plane.ts';

/** `Ref` is the name. */
export const createAlarm: Creator = (resource, context) => {
  const { name, arn } = context.controlPlane.cloudwatch.putAlarm(toControlPlane(resource, 'AlarmName'));
  return { ref: name, attributes: { Arn: arn } };
};
