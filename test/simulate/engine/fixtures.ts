import type { Outcome } from '../../../lib/simulate/engine/outcome.ts';
import type { Setup } from '../../../lib/simulate/engine/setup.ts';
import type { Truth } from '../../../lib/simulate/engine/simulation.ts';
import { runScaler } from '../../../lib/simulate/run-scaler.ts';
import type { Scaler, Sight } from '../../../lib/simulate/scaler.ts';
import type { SimulatedJobs } from '../../../lib/simulate/simulated-jobs.ts';
import { type World, worlds } from '../../../lib/simulate/world.ts';

/** Nothing is late, nothing is wrong; a task takes exactly 40 s to start, the last 20 of them billed. */
export const exactWorld: World = {
  ...worlds.ideal,
  counterNoise: 0,
  startDelay: { medianSeconds: 40, p95Seconds: 40, pullShare: 0.5 },
};

export const setup = (change: Partial<Setup> = {}): Setup => ({
  seed: 1,
  concurrency: 1,
  startWithinSeconds: 60,
  bounds: { min: 0, max: 100 },
  initial: 0,
  protect: true,
  stopTimeoutSeconds: 30,
  visibilitySeconds: 60,
  world: exactWorld,
  ...change,
});

/** [arrival, service] by job, in order. */
export const jobsOf = (
  list: readonly (readonly [at: number, service: number])[],
  endSeconds: number,
): SimulatedJobs => ({
  count: list.length,
  arrivalSeconds: Float64Array.from(list, ([at]) => at),
  serviceSeconds: Float32Array.from(list, ([, service]) => service),
  endSeconds,
  workSeconds: list.reduce((sum, [, service]) => sum + service, 0),
});

/** Asks for counts at given times, whatever it sees. */
export const script = (counts: Readonly<Record<number, number>>, tickSeconds = 10): Scaler => ({
  tickSeconds,
  decide: ({ t }) => counts[t],
});

export const fixedCount = (tasks: number): Scaler => ({ tickSeconds: 60, initial: tasks, decide: () => undefined });

export interface Recorded {
  readonly outcome: Outcome;
  readonly sights: readonly Sight[];
  readonly truths: readonly Truth[];
}

export const record = (jobs: SimulatedJobs, given: Setup, scaler: Scaler): Recorded => {
  const sights: Sight[] = [];
  const truths: Truth[] = [];
  const watching: Scaler = {
    ...scaler,
    decide: (sight) => {
      sights.push(sight);
      return scaler.decide(sight);
    },
  };
  return { outcome: runScaler(jobs, given, watching, (truth) => truths.push(truth)), sights, truths };
};
