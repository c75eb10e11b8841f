import type { Seconds } from '../../model/units.ts';

/** How long a message is hidden at a time, and how often that is renewed while its job runs. */
export interface VisibilityPlan {
  readonly timeoutSeconds: Seconds;
  readonly extendEverySeconds: Seconds;
}

/**
 * Sized from the measured service time. A short timeout brings the jobs of a killed worker back soon; a long one saves
 * calls. At twice the usual service time a usual job needs one extension, and none below 10 s. No timeout is longer
 * than two minutes, however long the jobs: an extension every 40 s costs only USD 0.03 per busy slot and month.
 * A third of the timeout leaves room for two failed extensions before the message is lost.
 */
export const visibilityPlan = (serviceSecondsEstimate: Seconds | undefined): VisibilityPlan => {
  const wanted = Math.ceil(2 * (serviceSecondsEstimate ?? 0));
  const timeoutSeconds = Math.min(visibilityBounds.maxSeconds, Math.max(visibilityBounds.minSeconds, wanted));
  return { timeoutSeconds, extendEverySeconds: timeoutSeconds / 3 };
};

export const visibilityBounds = { minSeconds: 30, maxSeconds: 120 } as const;

/** Slowly forgetting mean of service times; the first measurement counts in full. */
export const nextServiceEstimate = (estimate: Seconds | undefined, measuredSeconds: Seconds): Seconds =>
  estimate === undefined ? measuredSeconds : estimate + 0.1 * (measuredSeconds - estimate);
