import type { Seconds } from '../../model/units.ts';
import type { Clock } from '../clock.ts';
import type { LifeLog } from '../worker-log.ts';
import { allowedJobs, memoryShares } from './allowed-jobs.ts';
import type { MemoryReading, ReadMemory } from './memory-limit.ts';

export interface MemoryGuardParts {
  readonly read: ReadMemory;
  readonly clock: Clock;
  readonly log: LifeLog;
  readonly concurrency: number;
  /** Sets how many jobs may run at a time; those that run already go on. */
  readonly allow: (jobs: number) => void;
  readonly isIdle: () => boolean;
  readonly collect: () => void;
  /** Drains the worker, so that ECS starts a fresh task in its place. */
  readonly stop: (reason: string) => void;
  readonly doneAny: () => boolean;
}

export interface MemoryGuard {
  /** Watches until the signal fires. */
  run(signal: AbortSignal): Promise<void>;
  /** The last reading. */
  readonly reading: MemoryReading | undefined;
}

const lookEverySeconds: Seconds = 1;
/** Idle, collected and still full for so long: nothing that ends will free it any more. */
const stuckSeconds: Seconds = 60;

/**
 * Keeps a task out of the hands of the kernel's out-of-memory killer, who would take all its jobs at once. A task that
 * is still full when it is idle leaks: it stops and is replaced, or, where even a fresh one is that full, goes on with
 * one job at a time.
 */
export const createMemoryGuard = (parts: MemoryGuardParts): MemoryGuard => {
  const { clock, log, concurrency, allow } = parts;
  let reading: MemoryReading | undefined;
  let allowed = concurrency;
  let stuckSince: number | undefined;
  /** 1 where even a fresh task is full: such a worker must not stand still for ever. */
  let fewest = 0;

  const set = (jobs: number, share: number): void => {
    if (jobs === allowed) return;
    allowed = jobs;
    log('memoryGuard', { jobs, of: concurrency, percentOfLimit: Math.round(100 * share) });
    allow(jobs);
  };
  const look = async (): Promise<void> => {
    reading = await parts.read();
    if (reading === undefined) return;
    const share = reading.usedBytes / reading.limitBytes;
    const wanted = Math.max(fewest, allowedJobs(share, concurrency));
    if (share >= memoryShares.pause) parts.collect();
    if (wanted > 0 || !parts.isIdle()) {
      stuckSince = undefined;
      return set(wanted, share);
    }
    stuckSince ??= clock.now();
    if (clock.now() - stuckSince < stuckSeconds) return set(0, share);
    if (parts.doneAny()) return parts.stop('out of memory although idle');
    fewest = 1;
    set(fewest, share);
  };

  return {
    get reading() {
      return reading;
    },
    run: async (signal) => {
      while (!signal.aborted) {
        await look();
        if (reading === undefined) return; // No limit: it will not get one later.
        await clock.sleep(lookEverySeconds, signal);
      }
    },
  };
};
