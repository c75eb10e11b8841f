import { known, type Observation } from '../../model/observation.ts';
import type { EpochSeconds } from '../../model/units.ts';
import type { Sight } from '../scaler.ts';

/** Memory does not change with load here: never a reason to scale out, never one against scaling in. */
const memoryPercent = 35;

/** What the observer would have made of it. */
export const observationOf = (sight: Sight, now: EpochSeconds, queue: string): Observation => {
  const { visible, inFlight } = sight.queue;
  return {
    now,
    queues: [{ name: queue, counts: known(now, { visible, inFlight, delayed: 0 }) }],
    service: known(now, { ...sight.service, deploymentInProgress: false, failedStarts: 0 }),
    work: known(now, { ...sight.work, failed: 0 }),
    signals: {
      cpu: known(now, 100 * sight.cpu),
      memory: known(now, memoryPercent),
      queueDepth: known(now, visible),
      activeJobs: known(now, inFlight),
    },
  };
};
