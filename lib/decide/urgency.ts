import type { Observation, ServiceCounts } from '../model/observation.ts';
import type { Settings } from '../model/plan.ts';
import type { Proposal } from './policies/proposal.ts';

/** With so many jobs waiting for each slot, the promise is taken to be at stake when nothing better is known. */
const jobsPerSlot = 4;

/**
 * How near the promise is to being broken: what the policy says, else the age of the oldest job as a share of the
 * promise, else the backlog per slot. Undefined: there is no queue, or nothing is known of it.
 */
export const urgencyOf = (
  proposal: Proposal,
  observation: Observation,
  service: ServiceCounts,
  settings: Settings,
): number | undefined => {
  if (proposal.kind === 'count' && proposal.urgency !== undefined) return proposal.urgency;
  if (settings.queues.length === 0) return undefined;
  const promised = Math.min(...settings.queues.map((queue) => queue.startWithinSeconds));
  const age = observation.signals.oldestAgeSeconds;
  if (age?.known) return age.value / promised;
  let waiting = 0;
  for (const { counts } of observation.queues) {
    if (!counts.known) return undefined;
    waiting += counts.value.visible;
  }
  return waiting / (jobsPerSlot * Math.max(1, service.running) * settings.worker.concurrency);
};
