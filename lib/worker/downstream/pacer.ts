import type { Clock } from '../clock.ts';

/** Spreads the beginnings of calls: a token bucket as the virtual time at which the next one is due (GCRA). */
export interface Pacer {
  /** Resolves when it is the caller's turn, or when the signal fires. */
  turn(signal: AbortSignal): Promise<void>;
}

export const createPacer = (
  clock: Clock,
  ratePerSecond: number | undefined,
  burst = Math.max(1, Math.floor(ratePerSecond ?? 1)),
): Pacer => {
  if (ratePerSecond === undefined) return { turn: async () => {} };
  const gapSeconds = 1 / ratePerSecond;
  let dueAt = Number.NEGATIVE_INFINITY;
  return {
    turn: async (signal) => {
      const now = clock.now();
      const mine = Math.max(dueAt, now - (burst - 1) * gapSeconds);
      dueAt = mine + gapSeconds;
      if (mine > now) await clock.sleep(mine - now, signal);
    },
  };
};
