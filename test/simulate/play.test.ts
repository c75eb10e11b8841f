import { expect, it } from 'vitest';
import { isBetter, type Played } from '../../lib/simulate/play.ts';
import { policyChoice, policyNames } from '../../lib/simulate/policy-name.ts';

/** Goal: hindsight picks the cheapest that keeps the promise, else the nearest to it; names mean what they say. */
const played = (kept: boolean, attained: number, billedSeconds: number): Played =>
  ({ kept, outcome: { attained, billedSeconds } }) as Played;

it.each([
  ['keeping the promise goes before cost', played(true, 0.99, 900), played(false, 0.98, 100)],
  ['of those that keep it, the cheaper', played(true, 0.99, 100), played(true, 0.999, 101)],
  ['of those that do not, the one with more in time', played(false, 0.98, 900), played(false, 0.97, 100)],
  ['and of equals the cheaper', played(false, 0.98, 100), played(false, 0.98, 101)],
])('%s', (_, better, worse) => {
  expect([isBetter(better, worse), isBetter(worse, better)]).toEqual([true, false]);
});

it('knows its names, tuned or not, and configs', () => {
  expect(policyNames.map((name) => policyChoice(name)?.kind)).not.toContain(undefined);
  expect(policyChoice('keda')).toEqual({ kind: 'baseline', name: 'keda', tuned: false });
  expect(policyChoice('slo:tuned')).toEqual({ kind: 'baseline', name: 'slo', tuned: true });
  expect(policyChoice('static:tuned')).toEqual({ kind: 'static' });
  expect(policyChoice('config:a/b#c.json#convert')).toEqual({ kind: 'config', file: 'a/b#c.json', service: 'convert' });
  for (const wrong of ['', 'toString', 'keda:', 'keda:tuned:tuned', 'keda:best', 'config:', 'config:a.json'])
    expect(policyChoice(wrong)).toBeUndefined();
});
