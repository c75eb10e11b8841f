import type { Policy } from '../model/policy.ts';
import { type CheckedPolicy, type CheckedVote, voteSignals } from './schema/policy-schema.ts';

/** A checked policy → the policy of a plan, with the defaults that hang together. */
export const policyPlan = (policy: CheckedPolicy): Policy => {
  if (policy.type === 'vote') return votePlan(policy);
  if ('of' in policy) return { type: policy.type, of: policy.of.map(policyPlan) };
  if (policy.type !== 'targetTracking') return policy;
  return {
    ...policy,
    signals: policy.signals.map(({ signal, target, perTask }) =>
      target === undefined ? { signal, perTask: perTask ?? 1 } : { signal, target },
    ),
  };
};

/** Every policy of a tree, the tree's own root first. */
export const policiesIn = (policy: Policy): readonly Policy[] =>
  'of' in policy ? [policy, ...policy.of.flatMap(policiesIn)] : [policy];

const votePlan = ({ of, atLeast, out, in: inward, history }: CheckedVote): Policy =>
  of
    ? { type: 'vote', of: of.map(policyPlan), atLeast: atLeast ?? of.length }
    : {
        type: 'vote',
        out: out ?? { atLeast: 2, signals: voteSignals.out },
        in: inward ?? { signals: voteSignals.in },
        history: history ?? 3,
      };
