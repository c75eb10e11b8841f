import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { JobLine, LifeLine } from '../worker-log.ts';

/** How many of the last run times the percentiles are taken from. */
const keptTimes = 1000;

export interface TypeStats {
  readonly done: number;
  readonly failed: number;
}

export interface JobStats {
  readonly uptimeSeconds: Seconds;
  readonly done: number;
  /** Attempts that failed, retried or not. */
  readonly failed: number;
  readonly deadLettered: number;
  /** Of the ended attempts, in percent; null before the first. */
  readonly successPercent: number | null;
  readonly failurePercent: number | null;
  /** Of the last 1,000 attempts; null before the first. */
  readonly serviceSeconds: {
    readonly mean: number;
    readonly p50: number;
    readonly p95: number;
    readonly max: number;
  } | null;
  readonly byType: Readonly<Record<string, TypeStats>>;
}

/** What became of this worker's jobs since it started, read off its log lines. */
export interface WorkerStats {
  see(line: JobLine | LifeLine): void;
  readonly done: number;
  now(at: EpochSeconds): JobStats;
}

export const createWorkerStats = (startedAt: EpochSeconds): WorkerStats => {
  const times: number[] = [];
  const types = new Map<string, { done: number; failed: number }>();
  let done = 0;
  let failed = 0;
  let deadLettered = 0;

  return {
    get done() {
      return done;
    },
    see: (line) => {
      if (!isJobLine(line)) return;
      if (line.outcome === 'done') done += 1;
      else failed += 1;
      if (line.deadLetterReason !== undefined) deadLettered += 1;
      times[(done + failed - 1) % keptTimes] = line.serviceSeconds;
      const name = line.jobType ?? '-';
      const type = types.get(name) ?? { done: 0, failed: 0 };
      type[line.outcome] += 1;
      // Types come from messages: a flood of invented ones must not fill the memory.
      if (types.has(name) || types.size < 100) types.set(name, type);
    },
    now: (at) => {
      const ended = done + failed;
      const percent = (count: number): number | null => (ended === 0 ? null : (100 * count) / ended);
      return {
        uptimeSeconds: at - startedAt,
        done,
        failed,
        deadLettered,
        successPercent: percent(done),
        failurePercent: percent(failed),
        serviceSeconds: summary(times),
        byType: Object.fromEntries(types),
      };
    },
  };
};

export const isJobLine = (line: JobLine | LifeLine): line is JobLine => line.sluice === 'job';

const summary = (times: readonly number[]): JobStats['serviceSeconds'] => {
  if (times.length === 0) return null;
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return {
    mean: sorted.reduce((sum, one) => sum + one, 0) / sorted.length,
    p50: at(0.5),
    p95: at(0.95),
    max: at(1),
  };
};
