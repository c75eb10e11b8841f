import { setTimeout as delay } from 'node:timers/promises';
import type { EpochSeconds, Seconds } from '../model/units.ts';

/** Time as the worker sees it; tests give it a virtual one. */
export interface Clock {
  now(): EpochSeconds;
  /** Resolves after `seconds`, or at once when the signal fires. Never rejects: the caller looks at the signal. */
  sleep(seconds: Seconds, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  sleep: async (seconds, signal) => {
    try {
      await delay(seconds * 1000, undefined, signal ? { signal } : {});
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  },
};
