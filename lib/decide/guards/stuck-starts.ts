import { startDelayQuantile } from '../../forecast/start-delay.ts';
import type { ServiceCounts } from '../../model/observation.ts';
import type { StartDelay } from '../../model/state.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { ClosedDirection } from '../ruling.ts';

const z95 = 1.645;
const delays = 4;
const leastSeconds: Seconds = 300;
/** Weight of a belief that rests on a few real starts. Before, a slow image must not look like a broken one. */
const learntWeight = 10;

/** Tasks that were asked for several start delays ago and still do not run, though ECS reports no failure: no further ones are started. */
export const stuckStarts = (
  startDelay: StartDelay,
  service: ServiceCounts,
  now: EpochSeconds,
  name: string,
): ClosedDirection | undefined => {
  if (service.running >= service.desired) return undefined;
  const patience = startDelay.weight < learntWeight ? 2 : 1;
  const limitSeconds = patience * Math.max(leastSeconds, delays * startDelayQuantile(startDelay, z95));
  const stuck = startDelay.launches.filter((at) => now - at > limitSeconds);
  const oldest = stuck[0];
  if (oldest === undefined) return undefined;
  const text = `${stuck.length} of ${service.desired} tasks of ${name} were asked for up to ${Math.round(now - oldest)} s ago and still do not run, so nothing is scaled out: look at the service's events for capacity, quota, image or network.`;
  return { code: 'startsFail', text };
};
