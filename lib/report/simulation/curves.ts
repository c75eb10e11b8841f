import type { Seconds } from '../../model/units.ts';
import type { Truth } from '../../simulate/engine/simulation.ts';
import type { SimulatedJobs } from '../../simulate/simulated-jobs.ts';

/** Equal parts of a run, narrow enough for a chart. */
export interface Bins {
  readonly count: number;
  readonly widthSeconds: Seconds;
}

const binsOfAChart = 480;
const narrowest: Seconds = 10;

export const binsOf = (jobs: SimulatedJobs): Bins => {
  const widthSeconds = Math.max(narrowest, jobs.endSeconds / binsOfAChart);
  return { count: Math.max(1, Math.ceil(jobs.endSeconds / widthSeconds)), widthSeconds };
};

export const binStarts = (bins: Bins): readonly Seconds[] =>
  Array.from({ length: bins.count }, (_, bin) => bin * bins.widthSeconds);

/** What arrives by bin: jobs per second, and the tasks that their work keeps busy. */
export const binArrivals = (jobs: SimulatedJobs, concurrency: number, bins: Bins) => {
  const arrived = new Float64Array(bins.count);
  const work = new Float64Array(bins.count);
  for (let job = 0; job < jobs.count; job += 1) {
    const bin = Math.min(bins.count - 1, Math.floor((jobs.arrivalSeconds[job] as number) / bins.widthSeconds));
    arrived[bin] = (arrived[bin] as number) + 1;
    work[bin] = (work[bin] as number) + (jobs.serviceSeconds[job] as number);
  }
  return {
    jobsPerSecond: Array.from(arrived, (count) => count / bins.widthSeconds),
    workTasks: Array.from(work, (seconds) => seconds / bins.widthSeconds / concurrency),
  };
};

/** The 95th percentile of the waits, by bin of arrival; NaN where nothing arrived that ever started. */
export const binWaits = (jobs: SimulatedJobs, waits: Float32Array, bins: Bins): readonly Seconds[] => {
  const p95: Seconds[] = [];
  let from = 0;
  for (let bin = 1; bin <= bins.count; bin += 1) {
    const until = bin * bins.widthSeconds;
    let to = from;
    while (to < jobs.count && (bin === bins.count || (jobs.arrivalSeconds[to] as number) < until)) to += 1;
    const started = waits
      .slice(from, to)
      .filter((wait) => !Number.isNaN(wait))
      .sort();
    p95.push(started[Math.max(0, Math.ceil(0.95 * started.length) - 1)] ?? Number.NaN);
    from = to;
  }
  return p95;
};

/** Tasks over time as means by bin, from what is seen at each tick. */
export class TaskCurve {
  readonly #bins: Bins;
  readonly #taskSeconds: Float64Array;
  readonly #seconds: Float64Array;
  #last: { readonly t: Seconds; readonly running: number } | undefined;

  constructor(bins: Bins) {
    this.#bins = bins;
    this.#taskSeconds = new Float64Array(bins.count);
    this.#seconds = new Float64Array(bins.count);
  }

  add({ t, running }: Truth): void {
    const last = this.#last;
    if (last) {
      const bin = Math.min(this.#bins.count - 1, Math.floor(last.t / this.#bins.widthSeconds));
      this.#taskSeconds[bin] = (this.#taskSeconds[bin] as number) + last.running * (t - last.t);
      this.#seconds[bin] = (this.#seconds[bin] as number) + (t - last.t);
    }
    this.#last = { t, running };
  }

  /** A bin shorter than a tick has the count of the one before it. */
  means(): readonly number[] {
    const means: number[] = [];
    for (let bin = 0; bin < this.#bins.count; bin += 1) {
      const seconds = this.#seconds[bin] as number;
      means.push(seconds > 0 ? (this.#taskSeconds[bin] as number) / seconds : (means.at(-1) ?? 0));
    }
    return means;
  }
}
