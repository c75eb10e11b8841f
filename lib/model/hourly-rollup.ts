import type { Seconds, Usd } from './units.ts';

/** Upper edges in seconds of the wait histogram; a last, open bin follows. */
export const waitBinSeconds: readonly Seconds[] = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800];

/** One hour of one service, as the report reads it. */
export interface HourlyRollup {
  readonly service: string;
  /** Start of the hour, `2026-11-21T10`, UTC. */
  readonly hour: string;
  /** 60 counts. */
  readonly arrivalsByMinute: readonly number[];
  readonly started: number;
  readonly late: number;
  readonly completed: number;
  readonly failed: number;
  /** Counts per bin of `waitBinSeconds` (one more than edges), by queue name. */
  readonly waitsByQueue: Readonly<Record<string, readonly number[]>>;
  /** Billed task-seconds by size, key `cpu/memoryMiB`, `512/1024`. */
  readonly taskSecondsBySize: Readonly<Record<string, Seconds>>;
  readonly busySlotSeconds: Seconds;
  /** List price of the task-seconds. Absent: the price of the region is not known. */
  readonly usd?: Usd;
  /** Seconds of the hour that the integrals above cover: less than 3,600 when Sluice was not running, or lost its memory. */
  readonly observedSeconds?: Seconds;
  readonly scaleOuts: number;
  readonly scaleIns: number;
}
