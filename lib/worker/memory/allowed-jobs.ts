/** Requirements 5: from this share of the memory limit on fewer jobs at a time, from that one on none. */
export const memoryShares = { fewer: 0.6, pause: 0.8 } as const;

/** How many jobs at a time the memory leaves room for: all of them, then one fewer in even steps down to one, then none. */
export const allowedJobs = (share: number, concurrency: number): number => {
  if (share >= memoryShares.pause) return 0;
  if (share < memoryShares.fewer) return concurrency;
  const left = (memoryShares.pause - share) / (memoryShares.pause - memoryShares.fewer);
  // Less a hair: 0.7 lies not quite in the middle of 0.6 and 0.8.
  return Math.max(1, Math.min(concurrency, Math.ceil(concurrency * left - 1e-9)));
};
