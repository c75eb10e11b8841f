import type { ExplanationStep } from '../model/decision.ts';
import type { Observation } from '../model/observation.ts';
import type { Settings } from '../model/plan.ts';
import type { Policy, RulePolicy, SloPolicy } from '../model/policy.ts';
import type { Json } from '../model/state.ts';
import { combine } from './combine.ts';
import { backlogPerTask } from './policies/backlog-per-task.ts';
import { dampened } from './policies/dampened.ts';
import { predictive } from './policies/predictive.ts';
import type { PolicyInput, PolicyOutput, Proposal } from './policies/proposal.ts';
import { queueFactor } from './policies/queue-factor.ts';
import { countOf } from './policies/settle.ts';
import { steps } from './policies/steps.ts';
import { targetTracking } from './policies/target-tracking.ts';
import { threshold } from './policies/threshold.ts';
import { vote } from './policies/vote.ts';
import { wake } from './policies/wake.ts';

export interface ProposeInput {
  readonly observation: Observation;
  readonly settings: Settings;
  /** The desired count now. */
  readonly current: number;
  /** Memory by path: `''` the root, `of.0` its first member. */
  readonly policies: Readonly<Record<string, Json>>;
  /** The flagship policy is handed in, because it forecasts and rules do not. */
  readonly slo: (policy: SloPolicy, input: PolicyInput) => PolicyOutput;
}

export interface Proposed {
  readonly proposal: Proposal;
  readonly policies: Record<string, Json>;
  /** One `propose` step for each policy and one `combine` step for each combinator, members first. The last one's `to` is the proposal. */
  readonly steps: ExplanationStep[];
}

/** What the policy tree wants at this tick. Memory of paths that the tree no longer has is dropped. */
export const propose = (input: ProposeInput): Proposed => {
  const policies: Record<string, Json> = {};
  const explanation: ExplanationStep[] = [];
  const proposal = visit(input.settings.policy, '', { input, policies, explanation });
  return { proposal, policies, steps: explanation };
};

interface Walk {
  readonly input: ProposeInput;
  readonly policies: Record<string, Json>;
  readonly explanation: ExplanationStep[];
}

const visit = (policy: Policy, path: string, walk: Walk): Proposal => {
  const { current } = walk.input;
  if ('of' in policy) {
    const members = policy.of.map((member, index) =>
      visit(member, path === '' ? `of.${index}` : `${path}.of.${index}`, walk),
    );
    return explained('combine', combine(policy, members, current), walk);
  }
  const { observation, settings, policies } = walk.input;
  const input: PolicyInput = { observation, settings, current, memory: policies[path] };
  const { proposal, memory } =
    policy.type === 'slo' ? walk.input.slo(policy, input) : wake(byRule(policy, input), input);
  if (memory !== undefined) walk.policies[path] = memory;
  return explained('propose', proposal, walk);
};

const explained = (stage: 'propose' | 'combine', proposal: Proposal, { input, explanation }: Walk): Proposal => {
  const { current } = input;
  explanation.push({ stage, code: proposal.code, text: proposal.text, from: current, to: countOf(proposal, current) });
  return proposal;
};

const byRule = (policy: RulePolicy, input: PolicyInput): PolicyOutput => {
  switch (policy.type) {
    case 'backlogPerTask':
      return backlogPerTask(policy, input);
    case 'targetTracking':
      return targetTracking(policy, input);
    case 'steps':
      return steps(policy, input);
    case 'queueFactor':
      return queueFactor(policy, input);
    case 'threshold':
      return threshold(policy, input);
    case 'vote':
      return vote(policy, input);
    case 'dampened':
      return dampened(policy, input);
    case 'predictive':
      return predictive(policy, input);
    default:
      return policy satisfies never;
  }
};
