import { z } from 'zod';
import { choices, decimal, group, listOf, note, record, rule, wholeNumber } from './field.ts';
import { policyLeaves } from './policy-leaves.ts';

// The tree holds itself, so its two recursive types are written out.
interface VoteTree<Member> {
  readonly type: 'vote';
  readonly of?: readonly Member[];
  readonly atLeast?: number;
  readonly history?: number;
}
interface CombinedTree<Member> {
  readonly type: 'max' | 'any' | 'all';
  readonly of: readonly Member[];
}
interface VoteInput extends VoteTree<PolicyInput> {
  readonly out?: {
    readonly atLeast?: number | undefined;
    readonly signals?: Record<string, number> | undefined;
  };
  readonly in?: { readonly signals?: Record<string, number> | undefined };
}
export interface CheckedVote extends VoteTree<CheckedPolicy> {
  readonly out?: { readonly atLeast: number; readonly signals: Record<string, number> };
  readonly in?: { readonly signals: Record<string, number> };
}
/** A policy as people write it. */
export type PolicyInput = z.input<(typeof policyLeaves)[number]> | VoteInput | CombinedTree<PolicyInput>;
/** A policy with its defaults. */
export type CheckedPolicy = z.output<(typeof policyLeaves)[number]> | CheckedVote | CombinedTree<CheckedPolicy>;

export const policyTypes = [
  'slo',
  'backlogPerTask',
  'targetTracking',
  'steps',
  'queueFactor',
  'threshold',
  'vote',
  'dampened',
  'predictive',
  'max',
  'any',
  'all',
] as const;

const thresholds = (description: string, usual: Record<string, number>) =>
  record(decimal(0))
    .default(usual)
    .meta(note(description, { unit: 'the signal’s own' }));

export const voteSignals = {
  out: { cpu: 70, memory: 80, requestsPerSecond: 100, latencyMs: 1000, errorPercent: 5 },
  in: { cpu: 30, memory: 40, requestsPerSecond: 20, latencyMs: 200, errorPercent: 1 },
};

/** Members of the tree. Lazy, because the tree holds itself. */
const members: z.ZodType<readonly CheckedPolicy[], readonly PolicyInput[]> = z.lazy(() =>
  listOf(policySchema, 'a list of at least one policy'),
);

/** One shape for both kinds of vote: signals vote (`out`, `in`), or member policies do (`of`). */
const vote = group({
  type: z.literal('vote'),
  of: members.exactOptional().meta(note('Policies that vote. Without it, signals vote.', { fallback: 'none' })),
  atLeast: wholeNumber(1)
    .exactOptional()
    .meta(note('How many members of `of` must want a direction.', { fallback: 'required with `of`' })),
  out: group({
    atLeast: wholeNumber(1)
      .default(2)
      .meta(note('How many signals must be above.', { unit: 'signals' })),
    signals: thresholds('Signal → above this it votes to scale out.', voteSignals.out),
  })
    .exactOptional()
    .meta(
      note('When to scale out.', {
        fallback: 'at least 2 of cpu 70, memory 80, requestsPerSecond 100, latencyMs 1000, errorPercent 5',
      }),
    ),
  in: group({ signals: thresholds('Signal → all must be below this to scale in.', voteSignals.in) })
    .exactOptional()
    .meta(
      note('When to scale in.', {
        fallback: 'all of cpu 30, memory 40, requestsPerSecond 20, latencyMs 200, errorPercent 1',
      }),
    ),
  history: wholeNumber(1, 60)
    .exactOptional()
    .meta(note('Samples that are needed before anything happens.', { unit: 'samples', fallback: '3' })),
})
  .superRefine(
    rule(({ of, atLeast, out, in: inward, history }) => {
      if (of === undefined)
        return atLeast === undefined
          ? undefined
          : {
              path: ['atLeast'],
              found: '"atLeast" without "of"',
              expected: '"of" beside it, or "out.atLeast"',
              mend: 'Add the voting policies as "of", or move the number to "out.atLeast".',
            };
      if (out || inward || history !== undefined)
        return {
          found: '"of" together with signals',
          expected: 'either "of" and "atLeast", or "out", "in" and "history"',
          mend: 'Keep one of the two kinds of vote.',
        };
      if (atLeast === undefined || atLeast > of.length)
        return {
          path: ['atLeast'],
          found: atLeast === undefined ? 'nothing' : String(atLeast),
          expected: `a whole number from 1 to ${of.length}, the number of members`,
          mend: 'Say how many of "of" must agree.',
        };
      return undefined;
    }),
  )
  .meta(note('k of n: signals against thresholds, or member policies.'));

const combined = group({
  type: z.enum(['max', 'any', 'all']),
  of: members.meta(note('The members.')),
}).meta(
  note(
    '`max`: the largest proposal. `any`: the largest if some want out, else the smallest. `all`: moves only when all agree.',
  ),
);

/** For the reference page: one entry a policy, in this order. */
export const policyShapes = [...policyLeaves, vote, combined] as const;

export const policySchema: z.ZodType<CheckedPolicy, PolicyInput> = z.discriminatedUnion(
  'type',
  [...policyLeaves, vote, combined],
  {
    error: (issue) => (issue.code === 'invalid_union' ? choices(policyTypes) : 'an object { "type": … }'),
  },
);
