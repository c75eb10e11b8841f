import { describe, expect, it } from 'vitest';
import {
  initialStartDelay,
  launchesMax,
  normalCdf,
  observeStarts,
  readyWithin,
  startDelayQuantile,
} from '../../lib/forecast/start-delay.ts';

describe('the start-up delay', () => {
  it('is measured from the tick that asked, not from the tick that saw it', () => {
    let belief = observeStarts(initialStartDelay(), 0, 10, 0, 0);
    for (let i = 0; i < 40; i++) {
      const asked = 1000 * i;
      belief = observeStarts(belief, asked + 10, 10, 1, 0);
      belief = observeStarts(belief, asked + 20, 10, 1, 0);
      belief = observeStarts(belief, asked + 30, 10, 1, 1); // Ready between 20 s and 30 s after it was asked for.
      belief = observeStarts(belief, asked + 1000, 10, 0, 0);
    }
    expect(startDelayQuantile(belief, 0)).toBeGreaterThan(22);
    expect(startDelayQuantile(belief, 0)).toBeLessThan(28);
  });

  it('a delay of seconds is learnt within some starts', () => {
    let belief = observeStarts(initialStartDelay(), 0, 2, 0, 0);
    for (let i = 0; i < 10; i++) {
      belief = observeStarts(belief, 100 * i + 2, 2, 1, 0);
      belief = observeStarts(belief, 100 * i + 4, 2, 1, 1);
      belief = observeStarts(belief, 100 * i + 100, 2, 0, 0);
    }
    expect(startDelayQuantile(belief, 0)).toBeLessThan(10);
  });

  it('follows a bounded number of launches', () => {
    expect(observeStarts(initialStartDelay(), 10, 10, 5000, 0).launches).toHaveLength(launchesMax);
  });

  it('is a lognormal: half of the launches are ready at the median', () => {
    expect(readyWithin(initialStartDelay(40, 80), 40)).toBeCloseTo(0.5, 6);
    expect(readyWithin(initialStartDelay(40, 80), 80)).toBeCloseTo(0.95, 3);
    expect(readyWithin(initialStartDelay(40, 80), 0)).toBe(0);
    expect(normalCdf(-10)).toBeLessThan(1e-12);
  });
});
