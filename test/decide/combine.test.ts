import { describe, expect, it } from 'vitest';
import { combine } from '../../lib/decide/combine.ts';
import type { Proposal } from '../../lib/decide/policies/proposal.ts';
import type { CombinedPolicy, Policy } from '../../lib/model/policy.ts';
import { ask, type World } from './policies/world.ts';

const members = (counts: readonly (number | null)[]): readonly Proposal[] =>
  counts.map((desired) =>
    desired === null
      ? { kind: 'unknown', code: 'xUnknown', text: 'x is stale.' }
      : { kind: 'count', desired, code: 'x', text: `${desired}.` },
  );
const result = (policy: CombinedPolicy, counts: readonly (number | null)[], current = 5): number | null => {
  const proposal = combine(policy, members(counts), current);
  return proposal.kind === 'count' ? proposal.desired : null;
};
const max: CombinedPolicy = { type: 'max', of: [] };
const any: CombinedPolicy = { type: 'any', of: [] };
const all: CombinedPolicy = { type: 'all', of: [] };
const vote2: CombinedPolicy = { type: 'vote', of: [], atLeast: 2 };

describe('combine, 5 tasks now (requirements 2)', () => {
  it.each<readonly [string, CombinedPolicy, readonly (number | null)[], number | null]>([
    ['max: the largest', max, [3, 9, 7], 9],
    ['max: in only if all want in', max, [3, 5], 5],
    ['max: the largest of those that want in', max, [1, 3], 3],
    ['any: the largest if some want out', any, [2, 9, 7], 9],
    ['any: else the smallest', any, [2, 5, 4], 2],
    ['any: nobody moves', any, [5, 5], 5],
    ['all: the smallest if all want out', all, [7, 9], 7],
    ['all: the largest if all want in', all, [1, 3], 3],
    ['all: else no change', all, [3, 9], 5],
    ['all: one content member is enough for no change', all, [5, 9], 5],
    ['vote 2: the smallest of those that want out', vote2, [7, 9, 3], 7],
    ['vote 2: the largest of those that want in', vote2, [1, 3, 9], 3],
    ['vote 2: one is not enough', vote2, [9, 5, 3], 5],
    ['vote 2: out before in', vote2, [9, 8, 1, 2], 8],
    ['max: unknown bars scale-in', max, [3, null], 5],
    ['max: unknown leaves scale-out', max, [9, null], 9],
    ['any: unknown bars scale-in', any, [2, null], 5],
    ['any: unknown leaves scale-out', any, [9, null], 9],
    ['all: unknown bars scale-in', all, [2, null], 5],
    ['all: unknown leaves scale-out to those that know', all, [9, null], 9],
    ['vote 2: unknown bars scale-in, even with two votes', vote2, [1, 2, null], 5],
    ['vote 2: unknown is no vote for scale-out', vote2, [9, null, 5], 5],
    ['vote 2: two others are', vote2, [9, 8, null], 8],
    ['nobody knows', max, [null, null], null],
  ])('%s', (_, policy, counts, expected) => {
    expect(result(policy, counts)).toBe(expected);
  });
});

describe('combine, members that do not count like others', () => {
  const count = (desired: number, extra: object = {}): Proposal => ({
    kind: 'count',
    desired,
    code: 'x',
    text: '.',
    ...extra,
  });
  it('passes over a member that abstains', () => {
    expect(combine(max, [count(5, { abstains: true }), count(2)], 5)).toMatchObject({ desired: 2 });
    expect(combine(max, [count(5, { abstains: true })], 5)).toMatchObject({ desired: 5, abstains: true });
  });
  it('a forecast does not pull below the reactive members', () => {
    for (const policy of [max, any, all, { ...vote2, atLeast: 1 }])
      expect(combine(policy, [count(1, { forecast: true }), count(4)], 5)).toMatchObject({ desired: 4 });
  });
  it('a forecast holds the count up', () => {
    expect(combine(max, [count(5, { forecast: true }), count(1)], 5)).toMatchObject({ desired: 5 });
  });
  it('says whose number it is and why it is not lower', () => {
    expect(combine(max, members([3, null]), 5).text).toBe(
      'The largest of the one proposal (3) is 3. Not scaled in, because x is stale.',
    );
  });
});

describe('nested trees', () => {
  const cpu: Policy = { type: 'targetTracking', signals: [{ signal: 'cpu', target: 50 }] };
  const memory: Policy = { type: 'targetTracking', signals: [{ signal: 'memory', target: 50 }] };
  const backlog: Policy = { type: 'backlogPerTask', target: 10 };
  const tree: Policy = { type: 'any', of: [{ type: 'max', of: [cpu, backlog] }, memory] };
  const at = (world: World) => ask(tree, 4, world);

  it('an unknown member deep inside still bars scale-in', () => {
    const low: World = { visible: 10, signals: { cpu: 5, memory: 5 } };
    expect(at(low).proposal).toMatchObject({ desired: 1 });
    expect(at({ ...low, signals: { cpu: 'stale', memory: 5 } }).proposal).toMatchObject({
      desired: 4,
      code: 'anyHeld',
    });
  });
  it('explains members first, combinators after them, the root last', () => {
    const { steps } = at({ visible: 90, signals: { cpu: 50, memory: 50 } });
    expect(steps.map(({ stage, code, to }) => [stage, code, to])).toEqual([
      ['propose', 'targetTrackingKeep', 4],
      ['propose', 'backlogPerTaskOut', 9],
      ['combine', 'maxOut', 9],
      ['propose', 'targetTrackingKeep', 4],
      ['combine', 'anyOut', 9],
    ]);
  });
  it('keeps memory by path and drops that of paths which are gone', () => {
    const damped: Policy = { type: 'dampened', cpu: 70, memory: 80, latencyMs: 500, ratePerTask: 50 };
    const world: World = { signals: { cpu: 50 } };
    const nested = ask({ type: 'max', of: [cpu, { type: 'all', of: [cpu, damped] }] }, 4, world, { 'of.7': 1 });
    expect(Object.keys(nested.policies)).toEqual(['of.1.of.1']);
    expect(Object.keys(ask(damped, 4, world).policies)).toEqual(['']);
  });
});
