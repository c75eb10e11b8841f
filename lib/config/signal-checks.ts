import { guardSignals, signalsNeeded } from '../decide/signals-needed.ts';
import type { ServicePlan } from '../model/plan.ts';
import type { Policy } from '../model/policy.ts';
import { knownSignals, queueSignals } from '../model/signal.ts';
import { type Path, type PlacedIssue, place } from './input-issues.ts';
import { nearest } from './nearest.ts';

/** Signals that a policy names and that nothing would ever fill. */
export const signalIssues = (plan: ServicePlan, path: Path): readonly PlacedIssue[] => {
  const own = Object.keys(plan.signals ?? {});
  const known = [...knownSignals.map(({ name }) => name), ...own];
  return policiesOf(plan, path).flatMap(([policy, at]) =>
    signalNames(policy, at).flatMap(([name, where]): readonly PlacedIssue[] => {
      if (own.includes(name)) return [];
      if (queueSignals.includes(name) && plan.queues.length === 0)
        return [
          place(
            where,
            `the signal "${name}" of a service without a queue`,
            'a signal that the service has',
            `Give it a queue, or define "${name}" in "signals".`,
          ),
        ];
      if (known.includes(name)) return [];
      const near = nearest(name, known);
      return [
        place(
          where,
          `the signal "${name}", which has no source`,
          `one of ${known.join(', ')}, or a name from "signals"`,
          `${near ? `Did you mean "${near}"? Else define it` : 'Define it'}: "signals": { "${name}": { "source": "beacon" } }, or a CloudWatch metric; docs/signals.md shows how.`,
        ),
      ];
    }),
  );
};

/** The names that any policy of a service looks at, windows included. */
export const namesUsed = (plan: ServicePlan): ReadonlySet<string> =>
  new Set([...policiesOf(plan, []).flatMap(([policy]) => signalsNeeded(policy)), ...guardSignals(plan)]);

const policiesOf = (plan: ServicePlan, path: Path): readonly (readonly [Policy, Path])[] => [
  [plan.policy, [...path, 'policy']],
  ...plan.schedule.flatMap(({ policy }, index) =>
    policy ? [[policy, [...path, 'schedule', index, 'policy']] as const] : [],
  ),
];

/** Each name that a person wrote, with its place. The rule policies' own names are always known. */
const signalNames = (policy: Policy, path: Path): readonly (readonly [string, Path])[] => {
  if ('of' in policy) return policy.of.flatMap((member, index) => signalNames(member, [...path, 'of', index]));
  switch (policy.type) {
    case 'targetTracking':
      return policy.signals.map(({ signal }, index) => [signal, [...path, 'signals', index, 'signal']]);
    case 'steps':
      return [[policy.signal, [...path, 'signal']]];
    case 'vote':
      return (['out', 'in'] as const).flatMap((side) =>
        Object.keys(policy[side].signals).map((name) => [name, [...path, side, 'signals', name]] as const),
      );
    default:
      return [];
  }
};
