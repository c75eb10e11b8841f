import type { Seconds } from '../model/units.ts';
import { busySlotSeconds } from './beacon/work-totals.ts';
import type { Clock } from './clock.ts';

/** The places for jobs in this task, and how long they were taken. */
export interface Slots {
  readonly free: number;
  readonly busy: number;
  /** Those that may be taken now. */
  readonly allowed: number;
  /** Fewer than there are, or all again. Slots that are taken stay so. */
  allow(count: number): void;
  take(count: number): void;
  giveBack(count: number): void;
  /** Resolves when a slot is free, or when the signal fires. */
  whenFree(signal: AbortSignal): Promise<void>;
  /** Busy slots integrated over the time since the last call, also of jobs that still run. */
  drainBusySlotSeconds(): Seconds;
}

export const createSlots = (capacity: number, clock: Clock, onIdle: () => void = () => {}): Slots => {
  let busy = 0;
  let allowed = capacity;
  let countedTo = clock.now();
  let slotSeconds = 0;
  let waiting: (() => void)[] = [];

  const integrate = (): void => {
    const now = clock.now();
    slotSeconds += busySlotSeconds(busy, countedTo, now);
    countedTo = now;
  };
  const change = (by: number): void => {
    integrate();
    busy += by;
    if (busy === 0) onIdle();
    wakeIfFree();
  };
  const wakeIfFree = (): void => {
    if (busy < allowed) for (const wake of waiting.splice(0)) wake();
  };

  return {
    get free() {
      return Math.max(0, allowed - busy);
    },
    get busy() {
      return busy;
    },
    get allowed() {
      return allowed;
    },
    allow: (count) => {
      allowed = Math.min(capacity, count);
      wakeIfFree();
    },
    take: change,
    giveBack: (count) => change(-count),
    whenFree: (signal) =>
      new Promise((resolve) => {
        if (busy < allowed || signal.aborted) return resolve();
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          waiting = waiting.filter((other) => other !== wake);
          resolve();
        };
        waiting.push(wake);
        signal.addEventListener('abort', wake, { once: true });
      }),
    drainBusySlotSeconds: () => {
      integrate();
      const drained = slotSeconds;
      slotSeconds = 0;
      return drained;
    },
  };
};
