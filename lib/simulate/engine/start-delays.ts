import type { Seconds } from '../../model/units.ts';
import { createRandom } from '../random.ts';
import type { StartDelayModel } from '../world.ts';

/** The 95th percentile of the standard normal. */
const z95 = 1.6448536269514722;
const shortest: Seconds = 1;
const longest: Seconds = 1800;

/** A stream of start delays, the same for every policy: the n-th launch of a run takes the n-th of them. */
export const startDelays = (model: StartDelayModel, seed: number): (() => Seconds) => {
  const random = createRandom(seed).fork('start');
  const sigma = Math.log(model.p95Seconds / model.medianSeconds) / z95;
  return () => Math.min(longest, Math.max(shortest, model.medianSeconds * Math.exp(sigma * random.normal())));
};
