import type { Outcome } from './engine/outcome.ts';
import type { Setup } from './engine/setup.ts';
import { Simulation, type Truth } from './engine/simulation.ts';
import type { Scaler } from './scaler.ts';
import type { SimulatedJobs } from './simulated-jobs.ts';

/**
 * Plays one scaler over the jobs to the end. Equal arguments give equal outcomes.
 * @param watch is shown the truth at each tick, after the scaler's answer
 */
export const runScaler = (
  jobs: SimulatedJobs,
  setup: Setup,
  scaler: Scaler,
  watch?: (truth: Truth) => void,
): Outcome => {
  const own: Setup = {
    ...setup,
    ...(scaler.bounds && { bounds: scaler.bounds }),
    ...(scaler.initial !== undefined && { initial: scaler.initial }),
  };
  const simulation = new Simulation(jobs, own, scaler.tickSeconds);
  for (let sight = simulation.advance(); sight; sight = simulation.advance()) {
    const desired = scaler.decide(sight);
    if (desired !== undefined) simulation.setDesired(desired);
    watch?.(simulation.truth);
  }
  return simulation.outcome();
};
