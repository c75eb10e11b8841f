import type { Policy } from '../model/policy.ts';

/** The names of the signals that a policy looks at, sorted. Queue counters that `slo` reads anyway are not signals. */
export const signalsNeeded = (policy: Policy): readonly string[] => [...new Set(namesIn(policy))].sort();

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
