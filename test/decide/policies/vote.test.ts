import { describe, expect, it } from 'vitest';
import type { VotePolicy } from '../../../lib/model/policy.ts';
import { ask, askOver, start, type World } from './world.ts';

const policy: VotePolicy = {
  type: 'vote',
  out: { atLeast: 2, signals: { cpu: 70, memory: 80, requestsPerSecond: 100, latencyMs: 1000, errorPercent: 5 } },
  in: { signals: { cpu: 30, memory: 40, requestsPerSecond: 20, latencyMs: 200, errorPercent: 1 } },
  history: 3,
};
const calm = { cpu: 50, memory: 50, requestsPerSecond: 50, latencyMs: 500, errorPercent: 2 };
const idle = { cpu: 10, memory: 10, requestsPerSecond: 5, latencyMs: 50, errorPercent: 0 };
const thrice = (signals: NonNullable<World['signals']>): readonly World[] => [{ signals }, { signals }, { signals }];
const desired = (worlds: readonly World[], current = 5): number | undefined => {
  const { proposal } = askOver(policy, current, worlds);
  return proposal.kind === 'count' ? proposal.desired : undefined;
};

describe('vote (requirements 2)', () => {
  it.each([
    ['two above: +1', { ...calm, memory: 81, errorPercent: 6 }, 6],
    ['one above: stays', { ...calm, memory: 81 }, 5],
    ['CPU above 80: +2', { ...calm, cpu: 81, memory: 81 }, 7],
    ['CPU above 90: +3', { ...calm, cpu: 91, memory: 81 }, 8],
    ['CPU exactly 90: +2', { ...calm, cpu: 90, memory: 81 }, 7],
    ['rps and latency', { ...calm, requestsPerSecond: 101, latencyMs: 1001 }, 6],
    [
      'exactly at the thresholds: no vote',
      { cpu: 70, memory: 80, requestsPerSecond: 100, latencyMs: 1000, errorPercent: 5 },
      5,
    ],
    ['all low: −1', idle, 4],
    ['all low but one: stays', { ...idle, latencyMs: 200 }, 5],
    ['an unknown signal does not vote out', { ...calm, memory: 81, latencyMs: 'stale' as const }, 5],
    ['but two others do', { ...calm, cpu: 75, memory: 81, latencyMs: 'stale' as const }, 6],
    ['an unknown signal bars scale-in', { ...idle, latencyMs: 'missing' as const }, 5],
  ])('%s', (_, signals, expected) => {
    expect(desired(thrice(signals))).toBe(expected);
  });

  it('waits for 3 samples', () => {
    expect(desired([{ signals: idle }, { signals: idle }])).toBe(5);
    expect(askOver(policy, 5, [{ signals: idle }]).proposal.text).toBe('1 of 3 samples are there: wait.');
  });
  it('goes by the means of 3 samples, and says them', () => {
    const cpu = [60, 70, 95].map((value) => ({ signals: { ...calm, cpu: value, memory: 90 } }));
    const { proposal } = askOver(policy, 5, cpu);
    expect(proposal.text).toBe('Means of 3 samples: cpu 75 > 70, memory 90 > 80: 1 more.');
  });
  it('forgets the fourth sample', () => {
    expect(desired([{ signals: { ...calm, cpu: 100, memory: 100 } }, ...thrice(idle)])).toBe(4);
  });
  it('does not count one data point three times', () => {
    const world: World = { signals: idle, now: start };
    let last = ask(policy, 5, world);
    for (let repeat = 0; repeat < 5; repeat += 1) last = ask(policy, 5, world, last.policies);
    expect(last.proposal).toMatchObject({ desired: 5, text: '1 of 3 samples are there: wait.' });
  });
  it('cannot tell without any signal', () => {
    expect(askOver(policy, 5, [{}, {}, {}]).proposal.kind).toBe('unknown');
  });
});
