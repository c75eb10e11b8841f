import type { Seconds } from '../../model/units.ts';

export interface WaitQuantiles {
  readonly mean: Seconds;
  readonly p50: Seconds;
  readonly p95: Seconds;
  readonly p99: Seconds;
  readonly max: Seconds;
}

/** Exact (nearest rank), over the jobs that started. Zeros when none did. */
export const waitQuantiles = (waits: Float32Array): WaitQuantiles => {
  const started = waits.filter((wait) => !Number.isNaN(wait)).sort();
  const count = started.length;
  if (count === 0) return { mean: 0, p50: 0, p95: 0, p99: 0, max: 0 };
  const rank = (q: number): Seconds => started[Math.max(0, Math.ceil(q * count) - 1)] ?? 0;
  let sum = 0;
  for (const wait of started) sum += wait;
  return { mean: sum / count, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: rank(1) };
};
