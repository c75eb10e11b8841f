import type { CountProposal, PolicyInput, PolicyOutput } from './proposal.ts';
import { shown } from './rounding.ts';
import { SignalReader } from './signal-reader.ts';

/**
 * A rule never leaves work without any task. Doubling nothing is nothing, and halving one task is none:
 * without this, a queue below the first threshold would wait for ever (KEDA calls the same thing activation).
 * And the last task goes only when it is known that there is no work, whatever the policy itself looks at.
 */
export const wake = (output: PolicyOutput, input: PolicyInput): PolicyOutput => {
  const { proposal } = output;
  if (proposal.kind !== 'count' || proposal.desired > 0) return output;
  const instead = keptTasks(proposal, input);
  return instead === undefined ? output : { ...output, proposal: { ...proposal, ...instead } };
};

const keptTasks = (
  proposal: CountProposal,
  { observation, current }: PolicyInput,
): Partial<CountProposal> | undefined => {
  const signals = new SignalReader(observation);
  const hasQueue = observation.queues.length > 0;
  for (const name of ['queueDepth', 'activeJobs', 'requestsPerSecond']) {
    const value = hasQueue && name !== 'requestsPerSecond' ? signals.read(name) : signals.readIfAny(name);
    if (value === undefined || !(value > 0)) continue;
    const text = `${proposal.text} But there is work (${name} ${shown(value)}), so one task is kept.`;
    return { desired: 1, code: current === 0 ? 'wakeForWork' : 'keepForWork', text };
  }
  if (current === 0 || signals.unknown.length === 0) return undefined;
  const unknown = signals.unknown.join(', ');
  const text = `${proposal.text} But ${unknown}, so it is not known that there is no work: nothing is scaled in.`;
  return { desired: current, code: 'workUnknown', text, unknown };
};
