import { describe, expect, it } from 'vitest';
import { likelyAge, observeCounterAge, observeReportAge } from '../../lib/forecast/signal-age.ts';

/** A fleet whose size wanders, with every slot busy. */
const fleet = Array.from({ length: 200 }, (_, i) => 10 + Math.round(6 * Math.sin(i / 5)));
const back = (i: number) => Array.from({ length: 7 }, (_, k) => fleet[Math.max(0, i - k)] ?? 0);

const counterAgeAfter = (age: number, ticks = fleet.length) => {
  let evidence: readonly number[] = [];
  for (let i = 7; i < ticks; i++)
    evidence = observeCounterAge(evidence, { visible: 9, inFlight: fleet[i - age] ?? 0, slotsBack: back(i) });
  return likelyAge(evidence, 10, 10);
};

describe('how old signals are', () => {
  it('counters are dated by the number of tasks', () => {
    for (const age of [0, 1, 3, 6]) expect(counterAgeAfter(age)).toBe(age * 10);
  });

  it('little evidence changes nothing', () => {
    expect(counterAgeAfter(3, 9)).toBe(10);
    expect(likelyAge([], 10, 10)).toBe(10);
  });

  it('reports are dated by the change of the jobs in flight', () => {
    for (const age of [0, 1, 3]) {
      let evidence: readonly number[] = [];
      for (let i = 10; i < fleet.length; i++) {
        const change = (k: number) => (fleet[i - k] ?? 0) - (fleet[i - k - 1] ?? 0);
        evidence = observeReportAge(
          evidence,
          change(age),
          1,
          Array.from({ length: 7 }, (_, k) => change(k)),
        );
      }
      expect(likelyAge(evidence, 10, 10)).toBe(age * 10);
    }
  });

  it('a tick longer than the usual age keeps the usual age', () => {
    expect(likelyAge([0, 50, 50], 10, 60)).toBe(10);
  });

  it('a wild counter counts little, and slots that are idle prove nothing', () => {
    const wild = observeCounterAge([], { visible: 3, inFlight: 1e6, slotsBack: back(50) });
    expect(Math.max(...wild)).toBeLessThanOrEqual(3);
    expect(observeCounterAge([], { visible: 0, inFlight: 0, slotsBack: back(50) })).toEqual(Array(7).fill(0));
  });
});
