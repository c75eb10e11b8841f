import type { Remediation, ServicePlan, Settings } from '../model/plan.ts';
import type { Policy } from '../model/policy.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';

/** The names of the signals that a policy looks at, sorted. Queue counters that `slo` reads anyway are not signals. */
export const signalsNeeded = (policy: Policy): readonly string[] => [...new Set(namesIn(policy))].sort();

/**
 * What is looked at beside the policy's own signals: the message groups of FIFO queues, as the service counts them itself
 * (`activeGroups`, a signal of its own) or else as far as SQS tells (`groupsInFlight`); and the deletes of the queues
 * where `slo` has no reports to learn the run time from; and what an alert that changes the count goes by.
 */
export const guardSignals = (
  plan: Pick<ServicePlan, 'queues' | 'signals' | 'reports' | 'policy' | 'schedule' | 'remediation'>,
): readonly string[] => {
  const { queues, signals } = plan;
  const remedied = remediationSignals(plan.remediation);
  if (queues.length === 0) return remedied;
  return [
    ...remedied,
    ...(queues.every((queue) => queue.fifo)
      ? [signals?.activeGroups === undefined ? 'groupsInFlight' : 'activeGroups']
      : []),
    ...(plan.reports === false && [plan, ...plan.schedule].some(({ policy }) => policy && hasSlo(policy))
      ? [completionsSignal]
      : []),
  ];
};

/** Memory, as long as an automatic size is on trial: CloudWatch is asked for it then, and only then. */
export const trialSignals = ({ applied }: Pick<Settings, 'applied'>, now: EpochSeconds): readonly string[] =>
  applied?.size !== undefined && now >= applied.size.from && now < applied.size.from + watchedSeconds ? ['memory'] : [];

/** A trial lasts a week from the change, which may wait some days for its quiet hour. */
const watchedSeconds: Seconds = 10 * 86_400;

const remediationSignals = (remediation: Remediation | undefined): readonly string[] => [
  ...((remediation?.cpu ?? 1) > 1 ? ['cpu'] : []),
  ...((remediation?.memory ?? 1) > 1 ? ['memory'] : []),
];

/** What `slo` estimates the run time of a job from when no task reports it. */
export const completionsSignal = 'completionsPerSecond';

const hasSlo = (policy: Policy): boolean => ('of' in policy ? policy.of.some(hasSlo) : policy.type === 'slo');

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
