import type { CountProposal, Proposal, UnknownProposal } from './proposal.ts';
import type { SignalReader } from './signal-reader.ts';

/** No service of one ECS cluster can be larger (5,000 tasks); a wild signal must not become a wild number. */
export const mostTasks = 100_000;

/**
 * Makes a policy's answer: a whole count, and no scale-in when a signal that the policy reads was unknown.
 * `name` is the policy's type and begins the code: `stepsOut`, `stepsIn`, `stepsKeep`, `stepsHeld`.
 */
export const settle = (
  name: string,
  signals: SignalReader,
  current: number,
  wanted: number,
  text: string,
): CountProposal => {
  const desired = wholeCount(wanted);
  if (signals.unknown.length === 0) return { kind: 'count', desired, code: codeOf(name, current, desired), text };
  const unknown = signals.unknown.join(', ');
  if (desired >= current) return { kind: 'count', desired, code: codeOf(name, current, desired), text, unknown };
  return {
    kind: 'count',
    desired: current,
    code: `${name}Held`,
    text: `${text} Not scaled in, because ${unknown}: would be ${desired}.`,
    unknown,
  };
};

/** The answer of a policy none of whose signals is known. */
export const cannotTell = (name: string, signals: SignalReader): UnknownProposal => ({
  kind: 'unknown',
  code: `${name}Unknown`,
  text: `${name} has nothing to go by: ${signals.unknown.join(', ') || 'no signal is there'}.`,
});

export const codeOf = (name: string, current: number, desired: number): string =>
  name + (desired > current ? 'Out' : desired < current ? 'In' : 'Keep');

/** What an explanation step shows as the count after it. */
export const countOf = (proposal: Proposal, current: number): number =>
  proposal.kind === 'count' ? proposal.desired : current;

const wholeCount = (count: number): number => {
  if (Number.isNaN(count)) return 0;
  return Math.min(mostTasks, Math.max(0, Math.ceil(count)));
};
