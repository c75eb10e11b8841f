import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { MemoryReading } from '../memory/memory-limit.ts';
import type { QueueCounts } from '../ports.ts';
import type { LoopVitals } from '../queue/receive-loop.ts';
import type { JobStats } from './worker-stats.ts';

/** A poll waits 20 s at most, and its connection is given up after 30 s: a loop that is silent longer hangs. */
const loopSilenceMaxSeconds: Seconds = 90;

/** What a worker says of itself to those who ask from outside. */
export interface WorkerState extends JobStats {
  readonly service: string;
  readonly activeJobs: number;
  /** At most so many at a time now: fewer than configured while memory is short. */
  readonly allowedJobs: number;
  readonly concurrency: number;
  readonly protected: boolean;
  readonly draining: boolean;
  readonly memory: MemoryReading | null;
  readonly rssBytes: number;
  /** By the queue's name; null where it could not be read. */
  readonly queues: Readonly<Record<string, QueueCounts | null>>;
}

/** The little that probes look at; no calls to AWS. */
export interface Vitals extends LoopVitals {
  readonly draining: boolean;
  /** ECS refuses protection: nothing is taken. */
  readonly blocked: boolean;
}

export interface ProbeAnswer {
  readonly ok: boolean;
  readonly why: string;
}

/** Liveness: false means that a restart is the only remedy. */
export const alive = (vitals: Vitals, now: EpochSeconds): ProbeAnswer => {
  const silent = now - vitals.at;
  const hangs = vitals.started && !vitals.draining && !vitals.waitingForSlot && silent > loopSilenceMaxSeconds;
  return hangs
    ? { ok: false, why: `the receive loop has not moved for ${Math.round(silent)} s` }
    : { ok: true, why: 'ok' };
};

/** Readiness: false means that it takes no jobs now. */
export const ready = (vitals: Vitals): ProbeAnswer => {
  if (!vitals.started) return { ok: false, why: 'not started' };
  if (vitals.draining) return { ok: false, why: 'draining' };
  if (vitals.blocked) return { ok: false, why: 'ECS refuses protection: draining' };
  if (vitals.queuesUnreadable) return { ok: false, why: 'no queue can be read' };
  return { ok: true, why: 'ok' };
};

export const startedUp = (vitals: Vitals): ProbeAnswer =>
  vitals.started ? { ok: true, why: 'ok' } : { ok: false, why: 'not started' };
