import type { Percent, Seconds } from '../../model/units.ts';
import type { JobLine } from '../../worker/worker-log.ts';

/** How long the jobs of a service waited for their start. */
export interface ServiceWaits {
  readonly jobs: number;
  readonly late: number;
  /** Share of jobs that started in time; 100 while there are none. */
  readonly attainedPercent: Percent;
  readonly p50Seconds: Seconds;
  readonly p95Seconds: Seconds;
  readonly p99Seconds: Seconds;
  readonly maxSeconds: Seconds;
}

/** The first line of a job tells its wait; later tries of the same job add nothing. */
export const waitsOf = (lines: readonly Pick<JobLine, 'waitSeconds' | 'late'>[]): ServiceWaits => {
  const sorted = lines.map((line) => line.waitSeconds).sort((a, b) => a - b);
  const late = lines.filter((line) => line.late).length;
  return {
    jobs: lines.length,
    late,
    attainedPercent: lines.length === 0 ? 100 : (100 * (lines.length - late)) / lines.length,
    p50Seconds: quantile(sorted, 0.5),
    p95Seconds: quantile(sorted, 0.95),
    p99Seconds: quantile(sorted, 0.99),
    maxSeconds: sorted.at(-1) ?? 0,
  };
};

/** Nearest rank: a wait that a job really had. */
const quantile = (sorted: readonly Seconds[], share: number): Seconds =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
