import type { Alert } from '../../model/decision.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';

const windowSeconds: Seconds = 30 * 60;
const manyChanges = 3;
const mostKept = 10;

/** The changes from outside within the last 30 minutes, with this one. */
export const withForeignChange = (seen: readonly EpochSeconds[], now: EpochSeconds): readonly EpochSeconds[] =>
  [...seen.filter((at) => at > now - windowSeconds), now].slice(-mostKept);

/** One change is a person at work; several in half an hour are a second controller. */
export const twoWriters = (service: string, seen: readonly EpochSeconds[], now: EpochSeconds): Alert | undefined => {
  const recent = seen.filter((at) => at > now - windowSeconds).length;
  if (recent < manyChanges) return undefined;
  return {
    code: 'twoWriters',
    severity: 'critical',
    text:
      `The desired count of ${service} was changed from outside ${recent} times within 30 minutes: somebody else scales it too. ` +
      'Usually it is an Application Auto Scaling target: "aws application-autoscaling describe-scalable-targets --service-namespace ecs" lists it, "deregister-scalable-target" removes it.',
  };
};
