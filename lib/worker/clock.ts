import type { EpochSeconds, Seconds } from '../model/units.ts';

/** Time as the worker sees it; tests give it a virtual one. */
export interface Clock {
  now(): EpochSeconds;
  /** Resolves after `seconds`, or at once when the signal fires. Never rejects: the caller looks at the signal. */
  sleep(seconds: Seconds, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  // Not the timers of node:timers/promises: each aborted wait would cost an error with its stack, two for each job.
  sleep: (seconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, seconds * 1000);
      signal?.addEventListener('abort', end);
    }),
};
