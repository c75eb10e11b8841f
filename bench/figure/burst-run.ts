import type { Situation } from '../../lib/simulate/baselines/situation.ts';
import { slo } from '../../lib/simulate/baselines/slo.ts';
import type { Truth } from '../../lib/simulate/engine/simulation.ts';
import { runScaler } from '../../lib/simulate/run-scaler.ts';
import { drawJobs } from '../../lib/simulate/simulated-jobs.ts';
import { worlds } from '../../lib/simulate/world.ts';

/** Twelve minutes of a run with a burst in it, times from the window's start. */
export interface BurstRun {
  readonly seconds: number;
  readonly startWithinSeconds: number;
  /** Those of the window, and of two promises before it. */
  readonly jobs: readonly { readonly at: number; readonly waitSeconds: number }[];
  readonly ticks: readonly Pick<Truth, 't' | 'desired' | 'running' | 'inFlight'>[];
  /** Of the whole run, some hours. */
  readonly attainedPercent: number;
  readonly costOverWork: number;
}

const hours = 6;
const burstEveryMinutes = 45;
const burstMinutes = 7;
const windowFrom = 3.75 * 3600 - 120;
const windowSeconds = 720;
const startWithinSeconds = 60;
const serviceSeconds = 8;
const seed = 11;

/** Steady arrivals with a fivefold burst now and then, one job a task, in the simulator's realistic world. */
export const burstRun = (): BurstRun => {
  const buckets = Array.from({ length: hours * 60 }, (_, minute) => ({
    second: minute * 60,
    widthSeconds: 60,
    jobs: minute % burstEveryMinutes < burstMinutes ? 150 : 30,
  }));
  const jobs = drawJobs({ buckets, seed, scale: 1, meanServiceSeconds: serviceSeconds, serviceCv: 0.7 });
  const situation: Situation = {
    percent: 99,
    startWithinSeconds,
    meanServiceSeconds: serviceSeconds,
    concurrency: 1,
    bounds: { min: 0, max: 100 },
    initial: 1,
    stopTimeoutSeconds: 120,
    tickSeconds: 10,
    startEpoch: 1_767_571_200,
  };
  const setup = {
    seed,
    concurrency: 1,
    startWithinSeconds,
    bounds: situation.bounds,
    initial: 1,
    protect: true,
    stopTimeoutSeconds: 120,
    visibilitySeconds: 60,
    world: worlds.realistic,
  };
  const ticks: Truth[] = [];
  const isShown = (t: number): boolean => t >= windowFrom && t <= windowFrom + windowSeconds;
  const outcome = runScaler(jobs, setup, slo.documented(situation).create(), (truth) => {
    if (isShown(truth.t)) ticks.push({ ...truth, t: truth.t - windowFrom });
  });
  return {
    seconds: windowSeconds,
    startWithinSeconds,
    jobs: Array.from(jobs.arrivalSeconds, (at, i) => ({ at, waitSeconds: outcome.waits[i] ?? Number.NaN }))
      .filter(({ at }) => isShown(at + 2 * startWithinSeconds) || isShown(at))
      .map(({ at, waitSeconds }) => ({ at: at - windowFrom, waitSeconds })),
    ticks,
    attainedPercent: 100 * outcome.attained,
    costOverWork: outcome.billedSeconds / jobs.workSeconds,
  };
};
