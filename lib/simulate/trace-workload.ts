import type { Seconds } from '../model/units.ts';
import { createRandom } from './random.ts';
import { type TraceBucket, traceSeconds } from './trace-file.ts';
import { drawJob, inOrder, type ServiceLoad, type WorkloadJob } from './workload.ts';

/** A service that shall carry the trace. `slots`: the jobs that its largest fleet runs at a time. */
export type TraceLoad = Omit<ServiceLoad, 'curve' | 'jobsPerSecondPeak'> & { readonly slots: number };

export interface TraceWorkload {
  readonly jobs: readonly WorkloadJob[];
  /** Seconds of the trace in one second of the run. */
  readonly timeFactor: number;
  /** Jobs of the run for one job of the trace, by service. */
  readonly countFactors: Readonly<Record<string, number>>;
  /** Both factors in words. */
  readonly summary: string;
}

/** The trace fills this share of the run; in the rest the fleet can return to its minimum. */
const activeShare = 0.75;
/** The busiest ten seconds may need this share of the largest fleet: more would measure the bounds, not the scaling. */
const peakUse = 0.8;
const peakWindowSeconds = 10;
/** A bucket's jobs may be this much slower (or faster) than the trace's mean; real traces reach factors of thousands. */
const slownessMax = 3;

/** A trace scaled into a run of `seconds`: its time compressed, its counts scaled to what each fleet can carry. */
export const traceWorkload = (run: {
  readonly seed: number;
  readonly seconds: Seconds;
  readonly buckets: readonly TraceBucket[];
  readonly services: readonly TraceLoad[];
}): TraceWorkload => {
  const timeFactor = traceSeconds(run.buckets) / (run.seconds * activeShare);
  const bins = compress(run.buckets, timeFactor, Math.ceil(run.seconds * activeShare));
  const peak = peakRate(bins);
  const countFactors: Record<string, number> = {};
  const jobs = run.services.flatMap((load) => {
    const factor = (peakUse * load.slots) / load.serviceSeconds.mean / peak;
    countFactors[load.service] = factor;
    return drawJobs(load, bins, factor, run.seed);
  });
  return { jobs: inOrder(jobs), timeFactor, countFactors, summary: inWords(timeFactor, countFactors) };
};

/** One second of the run. */
interface Bin {
  readonly jobs: number;
  /** Mean service time of its jobs ÷ that of the whole trace. */
  readonly slowness: number;
}

const compress = (buckets: readonly TraceBucket[], timeFactor: number, binCount: number): readonly Bin[] => {
  const origin = buckets[0]?.second ?? 0;
  const mean = meanService(buckets);
  const jobs = new Array<number>(binCount).fill(0);
  const weighted = new Array<number>(binCount).fill(0);
  for (const bucket of buckets) {
    const from = (bucket.second - origin) / timeFactor;
    const to = from + bucket.widthSeconds / timeFactor;
    const slowness = mean === undefined ? 1 : (bucket.meanServiceSeconds ?? mean) / mean;
    for (let bin = Math.floor(from); bin < Math.min(to, binCount); bin += 1) {
      const share = (Math.min(to, bin + 1) - Math.max(from, bin)) / (to - from);
      jobs[bin] = (jobs[bin] ?? 0) + bucket.jobs * share;
      weighted[bin] = (weighted[bin] ?? 0) + bucket.jobs * share * slowness;
    }
  }
  return jobs.map((count, bin) => ({ jobs: count, slowness: count === 0 ? 1 : bounded((weighted[bin] ?? 0) / count) }));
};

const bounded = (slowness: number): number => Math.min(slownessMax, Math.max(1 / slownessMax, slowness));

const meanService = (buckets: readonly TraceBucket[]): Seconds | undefined => {
  const measured = buckets.filter((bucket) => bucket.meanServiceSeconds !== undefined && bucket.jobs > 0);
  const jobs = measured.reduce((sum, bucket) => sum + bucket.jobs, 0);
  const work = measured.reduce((sum, bucket) => sum + bucket.jobs * (bucket.meanServiceSeconds ?? 0), 0);
  return jobs === 0 ? undefined : work / jobs;
};

/** Jobs weighted by their slowness in the busiest window, per second. */
const peakRate = (bins: readonly Bin[]): number => {
  const width = Math.min(peakWindowSeconds, bins.length);
  const sums = bins.map((_, from) =>
    bins.slice(from, from + width).reduce((sum, bin) => sum + bin.jobs * bin.slowness, 0),
  );
  return Math.max(...sums) / width;
};

const drawJobs = (load: TraceLoad, bins: readonly Bin[], factor: number, seed: number): readonly WorkloadJob[] => {
  const random = createRandom(seed).fork(load.service);
  const full: ServiceLoad = { ...load, curve: [], jobsPerSecondPeak: 0 };
  let index = 0;
  return bins.flatMap((bin, second) =>
    Array.from({ length: random.poisson(bin.jobs * factor) }, () => {
      index += 1;
      return drawJob(full, random, second + random.uniform(), index - 1, bin.slowness);
    }),
  );
};

const inWords = (timeFactor: number, countFactors: Readonly<Record<string, number>>): string => {
  const counts = Object.entries(countFactors).map(([service, factor]) => `${service} × ${significant(factor)}`);
  return `trace time runs ${significant(timeFactor)} times as fast; job counts are scaled: ${counts.join(', ')}`;
};

const significant = (value: number): string => String(Number(value.toPrecision(3)));
