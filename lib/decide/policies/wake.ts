import type { Observation } from '../../model/observation.ts';
import type { PolicyInput, PolicyOutput } from './proposal.ts';

/**
 * A rule never leaves work without any task. Doubling nothing is nothing, and halving one task is none:
 * without this, a queue below the first threshold would wait for ever (KEDA calls the same thing activation).
 */
export const wake = (output: PolicyOutput, { observation, current }: PolicyInput): PolicyOutput => {
  const { proposal } = output;
  if (proposal.kind !== 'count' || proposal.desired > 0) return output;
  const work = workAtHand(observation);
  if (work === '') return output;
  const code = current === 0 ? 'wakeForWork' : 'keepForWork';
  const text = `${proposal.text} But there is work (${work}), so one task is kept.`;
  return { ...output, proposal: { ...proposal, desired: 1, code, text } };
};

const workAtHand = (observation: Observation): string => {
  for (const queue of observation.queues) {
    if (!queue.counts.known) continue;
    const { visible, inFlight } = queue.counts.value;
    if (visible > 0) return `${visible} visible in ${queue.name}`;
    if (inFlight > 0) return `${inFlight} in flight in ${queue.name}`;
  }
  for (const name of ['queueDepth', 'activeJobs', 'requestsPerSecond']) {
    const signal = observation.signals[name];
    if (signal?.known && signal.value > 0) return `${name} ${signal.value}`;
  }
  return '';
};
