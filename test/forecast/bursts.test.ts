import { describe, expect, it } from 'vitest';
import { burstLevels, initialBursts, observeNeed, returnsPerSecond } from '../../lib/forecast/bursts.ts';

const eight = burstLevels.indexOf(8);

/** A day in ticks of 10 s, the need given for each second. */
const day = (need: (second: number) => number, days = 1) => {
  let bursts = initialBursts;
  for (let second = 10; second <= days * 86_400; second += 10)
    bursts = observeNeed(bursts, 1_795_255_200 + second, need(second));
  return bursts;
};
const hourly = (second: number) => (second % 3600 < 60 ? 8 : 0);

describe('returns of a need', () => {
  it('nothing seen, or never so much needed: none are expected', () => {
    expect(returnsPerSecond(initialBursts, eight)).toBe(0);
    expect(
      returnsPerSecond(
        day(() => 3),
        eight,
      ),
    ).toBe(0);
  });

  it('a burst each hour comes back after the gap it always had, not before', () => {
    const soon = day((second) => (second > 86_400 - 30 ? 8 : hourly(second)));
    expect(returnsPerSecond(soon, eight)).toBe(0);
    const later = day((second) => (second > 86_400 - 1800 ? 0 : hourly(second)));
    expect(returnsPerSecond(later, eight)).toBeGreaterThan(1 / 3600);
    expect(returnsPerSecond(later, eight)).toBeLessThan(1 / 1200);
  });

  it('a level is told apart from a higher one', () => {
    const bursts = day((second) => (second > 86_400 - 1800 ? 0 : hourly(second)));
    expect(returnsPerSecond(bursts, eight + 1)).toBe(0);
  });

  it('forgets: a burst of weeks ago is hardly expected', () => {
    const bursts = day((second) => (second < 86_400 ? hourly(second) : 0), 15);
    expect(returnsPerSecond(bursts, eight)).toBeLessThan(1 / 86_400);
  });

  it('stays small', () => {
    const bursts = day((second) => (second * 7919) % 300, 3);
    expect(JSON.stringify(bursts).length).toBeLessThan(2500);
  });
});
