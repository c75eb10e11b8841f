import type { Seconds } from '../model/units.ts';
import { createRandom, type Random } from './random.ts';

/** A job that will be sent. */
export interface WorkloadJob {
  /** Seconds after the start of the run. */
  readonly at: Seconds;
  readonly service: string;
  /** The queue's name in the config. */
  readonly queue: string;
  readonly jobId: string;
  /** How long it will take a worker. */
  readonly serviceSeconds: Seconds;
  readonly payloadBytes: number;
}

/** The load of one service's queue. */
export interface ServiceLoad {
  readonly service: string;
  readonly queue: string;
  /** Arrival rate where the curve is 1. */
  readonly jobsPerSecondPeak: number;
  /** Level of the arrival rate over the run: [share of the run, share of the peak], straight lines between. */
  readonly curve: DayCurve;
  readonly serviceSeconds: Spread;
  readonly payloadBytes: Spread;
}

/** A lognormal by mean and coefficient of variation, cut off at `min` and `max`. */
export interface Spread {
  readonly mean: number;
  readonly cv: number;
  readonly min: number;
  readonly max: number;
}

export type DayCurve = readonly (readonly [number, number])[];

/** Morning ramp, lunch dip, a sudden burst, evening fall, and a quiet last third in which a fleet can shrink again. */
export const burstyDay: DayCurve = [
  [0, 0.06],
  [0.04, 0.08],
  [0.16, 0.36],
  [0.26, 0.4],
  [0.31, 0.22],
  [0.36, 0.24],
  [0.38, 1],
  [0.52, 1],
  [0.54, 0.4],
  [0.59, 0.28],
  [0.63, 0.02],
  [0.72, 0.02],
  [0.73, 0],
  [1, 0],
];

/** The same day without the burst: what comes in over hours and is worked off as it comes. */
export const steadyDay: DayCurve = [
  [0, 0],
  [0.03, 0.1],
  [0.18, 0.85],
  [0.28, 1],
  [0.34, 0.65],
  [0.4, 0.8],
  [0.48, 1],
  [0.54, 0.4],
  [0.6, 0],
  [1, 0],
];

/** A day compressed into `seconds`: equal arguments give equal jobs. In order of time. */
export const dayLikeWorkload = (day: {
  readonly seed: number;
  readonly seconds: Seconds;
  readonly services: readonly ServiceLoad[];
}): readonly WorkloadJob[] => {
  const jobs = day.services.flatMap((load) => {
    const random = createRandom(day.seed).fork(load.service);
    const rate = (at: Seconds): number => load.jobsPerSecondPeak * curveAt(load.curve, at / day.seconds);
    return arrivals(rate, load.jobsPerSecondPeak * peakOf(load.curve), day.seconds, random).map((at, index) =>
      drawJob(load, random, at, index),
    );
  });
  return inOrder(jobs);
};

export const drawJob = (load: ServiceLoad, random: Random, at: Seconds, index: number, slowness = 1): WorkloadJob => ({
  at,
  service: load.service,
  queue: load.queue,
  jobId: `${load.service}-${String(index + 1).padStart(5, '0')}`,
  serviceSeconds: roundTo(draw(load.serviceSeconds, random, slowness), 0.001),
  payloadBytes: Math.round(draw(load.payloadBytes, random)),
});

export const inOrder = (jobs: readonly WorkloadJob[]): readonly WorkloadJob[] => jobs.toSorted((a, b) => a.at - b.at);

/** A non-homogeneous Poisson process by thinning: candidates at the highest rate, each kept with its share of it. */
const arrivals = (
  rate: (at: Seconds) => number,
  rateMax: number,
  seconds: Seconds,
  random: Random,
): readonly Seconds[] => {
  const kept: Seconds[] = [];
  if (rateMax <= 0) return kept;
  for (let at = random.exponential(rateMax); at < seconds; at += random.exponential(rateMax)) {
    if (random.uniform() * rateMax < rate(at)) kept.push(at);
  }
  return kept;
};

const peakOf = (curve: DayCurve): number => Math.max(0, ...curve.map(([, level]) => level));

/** The curve's level at a share of the run; outside its knots the nearest one holds. */
export const curveAt = (curve: DayCurve, share: number): number => {
  const next = curve.findIndex(([x]) => x > share);
  const [x1, y1] = curve.at(next) ?? [0, 0];
  const [x0, y0] = curve.at(next === -1 ? -1 : Math.max(0, next - 1)) ?? [0, 0];
  return next <= 0 || x1 === x0 ? y0 : y0 + ((y1 - y0) * (share - x0)) / (x1 - x0);
};

const draw = (spread: Spread, random: Random, factor = 1): number =>
  Math.min(spread.max, Math.max(spread.min, factor * random.lognormal(spread.mean, spread.cv)));

const roundTo = (value: number, step: number): number => Math.round(value / step) * step;
