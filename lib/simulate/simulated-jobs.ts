import type { Seconds } from '../model/units.ts';
import { createRandom } from './random.ts';
import type { TraceBucket } from './trace-file.ts';

/** The jobs of one run, the same for every policy. Typed arrays, since there are millions of them. */
export interface SimulatedJobs {
  readonly count: number;
  /** Ascending, seconds after the start of the run. */
  readonly arrivalSeconds: Float64Array;
  readonly serviceSeconds: Float32Array;
  /** When the run ends. */
  readonly endSeconds: Seconds;
  /** Sum of all service times. */
  readonly workSeconds: Seconds;
}

export interface JobDraw {
  readonly buckets: readonly TraceBucket[];
  readonly seed: number;
  /** Arrivals for one job of the trace. */
  readonly scale: number;
  /** Mean over all jobs. Absent: as the trace says, which must then say it. */
  readonly meanServiceSeconds?: Seconds;
  /** Standard deviation ÷ mean of the service times within a bucket. */
  readonly serviceCv: number;
}

/** Two numbers a job: beyond this a laptop's memory is the limit, not the model. */
export const jobsMax = 100_000_000;

/**
 * Draws the jobs of a trace: Poisson within each bucket at the bucket's rate, service times lognormal.
 * Where rows are missing there is silence: a bucket is never wider than the trace's usual distance of rows.
 */
export const drawJobs = (draw: JobDraw): SimulatedJobs => {
  const { buckets, scale, seed } = draw;
  const origin = buckets[0]?.second ?? 0;
  const widest = usualWidth(buckets);
  const slowness = slownessOf(buckets, draw.meanServiceSeconds);
  const gaps = createRandom(seed).fork('arrivals');
  const jobs = new GrowingJobs(expectedJobs(buckets, scale));
  let end = 0;
  buckets.forEach((bucket, index) => {
    const width = Math.min(bucket.widthSeconds, widest);
    const from = bucket.second - origin;
    end = from + width;
    const rate = (bucket.jobs * scale) / width;
    if (!(rate > 0)) return;
    const mean = slowness(index);
    for (let at = from + gaps.exponential(rate); at < end; at += gaps.exponential(rate)) jobs.add(at, mean);
  });
  const serviceSeconds = jobs.means();
  const spread = createRandom(seed).fork('service');
  let workSeconds = 0;
  for (let i = 0; i < jobs.count; i += 1) {
    const seconds = Math.fround(spread.lognormal(serviceSeconds[i] as number, draw.serviceCv));
    serviceSeconds[i] = seconds;
    workSeconds += seconds;
  }
  return { count: jobs.count, arrivalSeconds: jobs.arrivals(), serviceSeconds, endSeconds: end, workSeconds };
};

/** How many jobs a trace makes on average. */
export const expectedJobs = (buckets: readonly TraceBucket[], scale: number): number => {
  let jobs = 0;
  for (const bucket of buckets) jobs += bucket.jobs;
  return jobs * scale;
};

/** Mean service time that the trace itself tells, over all its jobs. Absent: it tells none. */
export const traceServiceSeconds = (buckets: readonly TraceBucket[]): Seconds | undefined => {
  let jobs = 0;
  let work = 0;
  for (const bucket of buckets) {
    if (bucket.meanServiceSeconds === undefined) continue;
    jobs += bucket.jobs;
    work += bucket.jobs * bucket.meanServiceSeconds;
  }
  return jobs > 0 ? work / jobs : undefined;
};

const usualWidth = (buckets: readonly TraceBucket[]): Seconds => {
  const widths = buckets.map((bucket) => bucket.widthSeconds).sort((a, b) => a - b);
  return widths[Math.floor(widths.length / 2)] ?? 60;
};

/** Mean service time by bucket: the trace's own, brought to the wanted mean; where the trace is silent, that mean. */
const slownessOf = (buckets: readonly TraceBucket[], wanted: Seconds | undefined): ((index: number) => Seconds) => {
  const own = traceServiceSeconds(buckets);
  const mean = wanted ?? own;
  if (mean === undefined) throw new RangeError('neither the trace nor the caller says how long a job takes');
  const factor = own === undefined ? 1 : mean / own;
  return (index) => (buckets[index]?.meanServiceSeconds ?? own ?? mean) * factor;
};

class GrowingJobs {
  count = 0;
  #at: Float64Array;
  #mean: Float32Array;

  constructor(expected: number) {
    const room = Math.ceil(expected + 6 * Math.sqrt(expected) + 64);
    this.#at = new Float64Array(room);
    this.#mean = new Float32Array(room);
  }

  add(at: Seconds, mean: Seconds): void {
    if (this.count === this.#at.length) this.#grow();
    this.#at[this.count] = at;
    this.#mean[this.count] = mean;
    this.count += 1;
  }

  arrivals(): Float64Array {
    return this.#at.subarray(0, this.count);
  }

  means(): Float32Array {
    return this.#mean.subarray(0, this.count);
  }

  #grow(): void {
    const at = new Float64Array(this.#at.length * 2);
    at.set(this.#at);
    this.#at = at;
    const mean = new Float32Array(at.length);
    mean.set(this.#mean);
    this.#mean = mean;
  }
}
