import type { ServicePlan } from '../model/plan.ts';
import type { Policy } from '../model/policy.ts';

/** The names of the signals that a policy looks at, sorted. Queue counters that `slo` reads anyway are not signals. */
export const signalsNeeded = (policy: Policy): readonly string[] => [...new Set(namesIn(policy))].sort();

/**
 * What the guards look at beside the policy: the message groups of FIFO queues, as the service counts them itself
 * (`activeGroups`, a signal of its own) or else as far as SQS tells (`groupsInFlight`).
 */
export const guardSignals = ({ queues, signals }: Pick<ServicePlan, 'queues' | 'signals'>): readonly string[] => {
  if (queues.length === 0 || !queues.every((queue) => queue.fifo)) return [];
  return [signals?.activeGroups === undefined ? 'groupsInFlight' : 'activeGroups'];
};

function namesIn(policy: Policy): readonly string[] {
  switch (policy.type) {
    case 'slo':
    case 'backlogPerTask':
      return [];
    case 'targetTracking':
      return policy.signals.map((tracked) => tracked.signal);
    case 'steps':
      return [policy.signal];
    case 'queueFactor':
      return ['queueDepth', 'activeJobs'];
    case 'threshold':
      return ['cpu', 'memory', 'queueDepth'];
    case 'dampened':
      return ['cpu', 'memory', 'latencyMs', 'requestsPerSecond'];
    case 'predictive':
      return ['cpu', 'memory'];
    case 'vote':
      return 'of' in policy
        ? policy.of.flatMap(namesIn)
        : [...Object.keys(policy.out.signals), ...Object.keys(policy.in.signals)];
    case 'max':
    case 'any':
    case 'all':
      return policy.of.flatMap(namesIn);
  }
}
