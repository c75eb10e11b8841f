import type { Clock } from '../../lib/worker/clock.ts';

/** A clock that stands still until it is advanced; sleepers wake in the order of their times. */
export interface VirtualClock extends Clock {
  /** Lets `seconds` pass, with everything that happens on the way. */
  advance(seconds: number): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  wake(): void;
}

export const createVirtualClock = (startAt = 1_000_000): VirtualClock => {
  let now = startAt;
  const sleepers = new Set<Sleeper>();

  return {
    now: () => now,
    sleep: (seconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { at: now + seconds, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
      }),
    advance: async (seconds) => {
      const until = now + seconds;
      await settled();
      for (;;) {
        const next = [...sleepers].sort((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > until) break;
        now = Math.max(now, next.at);
        next.wake();
        await settled();
      }
      now = until;
      await settled();
    },
  };
};

/** All promise callbacks that are due have run: a macrotask comes after them. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
