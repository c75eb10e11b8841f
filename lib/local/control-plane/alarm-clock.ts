/** One timer that always stands on the earliest time that was asked for last. */
export interface AlarmClock {
  /** Epoch seconds; undefined: not at all. */
  wakeAt(at: number | undefined): void;
  stop(): void;
}

/** The longest that setTimeout can wait. */
const longestMs = 2 ** 31 - 1;

export const createAlarmClock = (ring: () => void): AlarmClock => {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const clear = (): void => clearTimeout(timer);
  return {
    wakeAt: (at) => {
      clear();
      if (stopped || at === undefined || !Number.isFinite(at)) return;
      // A millisecond more than needed: timers may fire early, and then nothing would be due yet.
      const delay = Math.min(longestMs, Math.max(1, at * 1000 - Date.now() + 1));
      timer = setTimeout(ring, delay);
    },
    stop: () => {
      stopped = true;
      clear();
    },
  };
};
