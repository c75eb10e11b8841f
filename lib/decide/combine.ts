import type { CombinedPolicy } from '../model/policy.ts';
import type { CountProposal, Proposal } from './policies/proposal.ts';
import { codeOf } from './policies/settle.ts';

/**
 * One proposal out of several (requirements 2).
 * `max`: the largest. `any`: the largest if some want out, else the smallest. `all`: the smallest if all want out, the
 * largest if all want in. `vote`: as `all`, among those who want it, when at least `atLeast` do; out goes before in.
 *
 * A member that is unknown, or that missed one of its signals, bars scale-in and leaves scale-out to the others.
 * A member that abstains is passed over. A forecast never pulls below what the reactive members ask for.
 */
export const combine = (policy: CombinedPolicy, members: readonly Proposal[], current: number): Proposal => {
  const voters = liftForecasts(
    members.filter((member): member is CountProposal => member.kind === 'count' && member.abstains === undefined),
  );
  const unknown = unknownOf(members);
  if (voters.length === 0) return nobodyVotes(policy, members, current, unknown);

  const chosen = choose(policy, voters, current);
  const counts = voters.map((voter) => voter.desired).join(', ');
  const text = `${rule(policy)} of ${voters.length === 1 ? 'the one proposal' : `${voters.length} proposals`} (${counts}) is ${chosen}.`;
  const tolerated = voters.some((voter) => voter.desired === chosen && voter.tolerated)
    ? ({ tolerated: true } as const)
    : {};
  if (unknown === '')
    return { kind: 'count', desired: chosen, code: codeOf(policy.type, current, chosen), text, ...tolerated };
  if (chosen >= current)
    return { kind: 'count', desired: chosen, code: codeOf(policy.type, current, chosen), text, unknown, ...tolerated };
  const held = `${text} Not scaled in, because ${unknown}.`;
  return { kind: 'count', desired: current, code: `${policy.type}Held`, text: held, unknown };
};

const choose = (policy: CombinedPolicy, voters: readonly CountProposal[], current: number): number => {
  const all = voters.map((voter) => voter.desired);
  const out = all.filter((desired) => desired > current);
  const into = all.filter((desired) => desired < current);
  switch (policy.type) {
    case 'max':
      return Math.max(...all);
    case 'any':
      return out.length > 0 ? Math.max(...all) : Math.min(...all);
    case 'all':
      return agreed(out, into, all.length, all.length, current);
    case 'vote':
      return agreed(out, into, policy.atLeast, policy.atLeast, current);
    default:
      return policy satisfies never;
  }
};

const agreed = (
  out: readonly number[],
  into: readonly number[],
  outNeeds: number,
  inNeeds: number,
  current: number,
): number => {
  if (out.length > 0 && out.length >= outNeeds) return Math.min(...out);
  if (into.length > 0 && into.length >= inNeeds) return Math.max(...into);
  return current;
};

/** `max` does this by itself; the others would let a forecast of silence undo what the load of this moment needs. */
const liftForecasts = (voters: readonly CountProposal[]): readonly CountProposal[] => {
  let floor = -1;
  let forecasts = 0;
  for (const voter of voters)
    if (voter.forecast) forecasts += 1;
    else floor = Math.max(floor, voter.desired);
  if (forecasts === 0 || floor < 0) return voters;
  return voters.map((voter) => (voter.forecast && voter.desired < floor ? { ...voter, desired: floor } : voter));
};

const unknownOf = (members: readonly Proposal[]): string => {
  const phrases: string[] = [];
  for (const member of members) {
    if (member.kind === 'unknown') phrases.push(member.text.replace(/\.$/, ''));
    else if (member.unknown !== undefined) phrases.push(member.unknown);
  }
  return phrases.join('; ');
};

const nobodyVotes = (
  policy: CombinedPolicy,
  members: readonly Proposal[],
  current: number,
  unknown: string,
): Proposal => {
  if (members.some((member) => member.kind === 'unknown'))
    return { kind: 'unknown', code: `${policy.type}Unknown`, text: `No member can tell: ${unknown}.` };
  const text = members.map((member) => member.text).join(' ');
  return { kind: 'count', desired: current, code: `${policy.type}Keep`, text, abstains: true };
};

const rule = (policy: CombinedPolicy): string => {
  if (policy.type === 'vote') return `The vote (at least ${policy.atLeast})`;
  return { max: 'The largest', any: 'The first to move', all: 'The agreement' }[policy.type];
};
