import type { Seconds } from '../../model/units.ts';

/** The longest that SQS keeps a message invisible. */
const visibilitySecondsMax: Seconds = 43_200;

/**
 * How long a failed job waits for its next try: `retrySeconds` × 2^n after `n` earlier failures, ± 25 % so that
 * jobs which failed together do not come back together. Whole seconds, as SQS wants them.
 */
export const jobRetrySeconds = (failuresBefore: number, retrySeconds: Seconds, uniform: () => number): Seconds => {
  const backOff = retrySeconds * 2 ** Math.min(30, failuresBefore);
  return Math.min(visibilitySecondsMax, Math.round(backOff * (0.75 + uniform() / 2)));
};

/** Full jitter for calls to AWS: anywhere between 0 and base × 2^n, at most `cap`. `attempt` counts failures from 1. */
export const callRetrySeconds = (
  attempt: number,
  uniform: () => number,
  base: Seconds = 0.2,
  cap: Seconds = 20,
): Seconds => uniform() * Math.min(cap, base * 2 ** Math.min(attempt, 30));
