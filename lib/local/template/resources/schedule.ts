import type { Creator } from '../creator.ts';
import { toControlPlane } from '../to-control-plane.ts';

/** `Ref` is the name. A rate schedule fires at once, then each period. */
export const createSchedule: Creator = (resource, context) => {
  const { name, arn } = context.controlPlane.scheduler.createSchedule(toControlPlane(resource, 'Name'));
  return { ref: name, attributes: { Arn: arn } };
};
