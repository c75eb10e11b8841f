import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pace } from '../../lib/decide/pace.ts';
import type { Behavior, DirectionBehavior, RatePolicy } from '../../lib/model/policy.ts';
import type { HotState, PacingState } from '../../lib/model/state.ts';
import { behave, nextHot, paceOnce, play, quiet, start, type Tick } from './pace-world.ts';

/** The same rules over the whole history, written as plainly as possible; nothing is pruned, merged or skipped. */
const oracle = (behavior: Behavior, initial: number, ticks: readonly Tick[]): readonly number[] => {
  const proposals: { at: number; count: number }[] = [];
  const changes: { at: number; delta: number }[] = [];
  let current = initial;
  return ticks.map(({ at: offset, proposed: raw }) => {
    const now = start + offset;
    const out = raw > current;
    const side = out ? behavior.scaleOut : behavior.scaleIn;
    const ratio = current === 0 ? Infinity : Math.abs(raw - current) / current;
    const proposed = side.tolerance > 0 && ratio <= side.tolerance + 1e-12 ? current : raw;
    const recent = (seconds: number) => proposals.filter(({ at }) => now - at < seconds).map(({ count }) => count);
    let wanted = current;
    if (proposed > current)
      wanted = Math.max(current, Math.min(proposed, ...recent(behavior.scaleOut.stabilizationSeconds)));
    if (proposed < current)
      wanted = Math.min(current, Math.max(proposed, ...recent(behavior.scaleIn.stabilizationSeconds)));
    proposals.push({ at: now, count: proposed });
    wanted = cooled(wanted, current, now, behavior, changes);
    wanted = limited(wanted, current, now, behavior, changes);
    if (wanted !== current) changes.push({ at: now, delta: wanted - current });
    current = wanted;
    return current;
  });
};
type Change = { at: number; delta: number };
const cooled = (
  wanted: number,
  current: number,
  now: number,
  behavior: Behavior,
  changes: readonly Change[],
): number => {
  const ups = changes.filter(({ delta }) => delta > 0);
  const downs = changes.filter(({ delta }) => delta < 0);
  const upAt = ups.at(-1)?.at ?? -Infinity;
  const downAt = downs.at(-1)?.at ?? -Infinity;
  if (wanted > current && now - upAt < behavior.scaleOut.cooldownSeconds) {
    const added = ups
      .filter(({ at }) => now - at < behavior.scaleOut.cooldownSeconds)
      .reduce((sum, { delta }) => sum + delta, 0);
    return Math.max(current, wanted - added);
  }
  if (wanted < current && now - downAt < behavior.scaleIn.cooldownSeconds && upAt < downAt) return current;
  return wanted;
};
const limited = (
  wanted: number,
  current: number,
  now: number,
  behavior: Behavior,
  changes: readonly Change[],
): number => {
  if (wanted === current) return current;
  const out = wanted > current;
  const side = out ? behavior.scaleOut : behavior.scaleIn;
  if (side.select === 'disabled') return current;
  const limits = side.policies.map((policy) => {
    const inPeriod = changes.filter(({ at }) => now - at < policy.periodSeconds);
    const before = current - inPeriod.reduce((sum, { delta }) => sum + delta, 0);
    if ('tasks' in policy) return out ? before + policy.tasks : before - policy.tasks;
    if (out) return before <= 0 ? 1 : Math.ceil((before * (100 + policy.percent)) / 100);
    return Math.trunc((before * (100 - policy.percent)) / 100);
  });
  if (limits.length === 0) return wanted;
  const loose = side.select === 'max';
  const limit = out === loose ? Math.max(...limits) : Math.min(...limits);
  return out ? Math.min(wanted, Math.max(current, limit)) : Math.max(wanted, Math.min(current, limit), 0);
};

const seconds = fc.constantFrom(0, 20, 60, 300);
const ratePolicy: fc.Arbitrary<RatePolicy> = fc.oneof(
  fc.record({ tasks: fc.integer({ min: 1, max: 20 }), periodSeconds: fc.constantFrom(15, 60, 300) }),
  fc.record({ percent: fc.integer({ min: 1, max: 200 }), periodSeconds: fc.constantFrom(15, 60, 300) }),
);
const direction: fc.Arbitrary<DirectionBehavior> = fc.record({
  stabilizationSeconds: seconds,
  cooldownSeconds: seconds,
  select: fc.constantFrom('max', 'min', 'disabled'),
  policies: fc.array(ratePolicy, { maxLength: 3 }),
  tolerance: fc.constantFrom(0, 0.1),
});
const behaviors: fc.Arbitrary<Behavior> = fc.record({ scaleOut: direction, scaleIn: direction });
const ticksOf = (gaps: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<readonly Tick[]> =>
  fc.array(fc.tuple(gaps, fc.integer({ min: 0, max: 60 })), { minLength: 1, maxLength }).map((pairs) => {
    let at = 0;
    return pairs.map(([gap, proposed]) => {
      at += gap;
      return { at, proposed };
    });
  });

describe('pace against an oracle that keeps everything', () => {
  it('gives the same counts while nothing needs to be merged (ticks of 10 s and more)', () => {
    fc.assert(
      fc.property(
        behaviors,
        fc.integer({ min: 0, max: 60 }),
        ticksOf(fc.integer({ min: 10, max: 90 }), 60),
        (behavior, initial, ticks) => {
          expect(play(behavior, initial, ticks).map(({ desired }) => desired)).toEqual(
            oracle(behavior, initial, ticks),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it('windows with merged history: never in earlier, never out more, and late by at most a 28th of the window', () => {
    const windows = fc.record({ out: fc.constantFrom(0, 60, 300), in: fc.constantFrom(0, 60, 300) });
    fc.assert(
      fc.property(
        windows,
        fc.infiniteStream(fc.integer({ min: 0, max: 400 })),
        fc.boolean(),
        (window, stream, falling) => {
          const behavior = behave({ stabilizationSeconds: window.out }, { stabilizationSeconds: window.in });
          // A slow slide makes the longest chains; noise on top breaks some of them.
          const proposals = [...stream.take(400)].map((noise, index) => (falling ? 800 - index : index) + (noise % 3));
          let pacing: PacingState = { proposals: [], changes: [] };
          for (const [index, proposed] of proposals.entries()) {
            const now = start + index;
            // The count stays at a fixed place, so that both directions are compared at each tick.
            for (const current of [0, 400, 10_000]) {
              const { desired } = pace({ now, current, proposed, behavior, pacing, hot: quiet, since: 0 });
              const exact = (slack: number) => stabilizedExactly(proposals, index, current, window, slack);
              const kept = exact(0);
              if (proposed > current) expect(desired).toBeLessThanOrEqual(kept);
              if (proposed < current) expect(desired).toBeGreaterThanOrEqual(kept);
              const late = exact(Math.ceil(300 / 28) + 1);
              if (proposed > current) expect(desired).toBeGreaterThanOrEqual(late);
              if (proposed < current) expect(desired).toBeLessThanOrEqual(late);
            }
            pacing = pace({ now, current: 400, proposed, behavior, pacing, hot: quiet, since: 0 }).pacing;
            expect(pacing.proposals.length).toBeLessThanOrEqual(60);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('state stays small: 3 hours of 1 s ticks with a change on each', () => {
    const behavior = behave(
      { stabilizationSeconds: 3600, policies: [{ tasks: 500, periodSeconds: 1800 }] },
      { stabilizationSeconds: 3600, policies: [{ tasks: 500, periodSeconds: 1800 }] },
    );
    let pacing: PacingState = { proposals: [], changes: [] };
    for (let tick = 0; tick < 10_800; tick += 1) {
      const now = start + tick;
      pacing = paceOnce({ now, current: 50, proposed: (tick * 7919) % 1000, behavior, pacing }).pacing;
      pacing = { ...pacing, changes: [...pacing.changes, [now, tick % 2 === 0 ? 1 : -1]] };
      expect(pacing.proposals.length).toBeLessThanOrEqual(60);
      expect(pacing.changes.length).toBeLessThanOrEqual(61);
    }
    expect(JSON.stringify(pacing).length).toBeLessThan(3000);
  });
});

const stabilizedExactly = (
  proposals: readonly number[],
  index: number,
  current: number,
  window: { readonly out: number; readonly in: number },
  slack: number,
): number => {
  const proposed = proposals[index] ?? 0;
  const recent = (seconds: number) =>
    seconds === 0 ? [] : proposals.slice(Math.max(0, index - seconds - slack + 1), index);
  if (proposed > current) return Math.max(current, Math.min(proposed, ...recent(window.out)));
  if (proposed < current) return Math.min(current, Math.max(proposed, ...recent(window.in)));
  return current;
};

describe('laws of pace', () => {
  const situation = fc.record({
    behavior: behaviors,
    current: fc.integer({ min: 0, max: 100 }),
    proposed: fc.integer({ min: 0, max: 100 }),
    proposals: fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 100 })), { maxLength: 8 }),
    changes: fc.array(
      fc.tuple(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: -9, max: 9 }).filter((delta) => delta !== 0),
      ),
      { maxLength: 6 },
    ),
    age: fc.constantFrom(0, 100, 100_000),
  });
  type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;
  const call = (given: Situation, proposed = given.proposed) => {
    const oldestFirst = <T extends readonly [number, number]>(list: readonly T[]) =>
      [...list].sort((a, b) => b[0] - a[0]).map(([ago, value]) => [start - ago, value] as const);
    const changes = oldestFirst(given.changes);
    let hot: HotState = quiet;
    for (const [at, delta] of changes) hot = nextHot(hot, at, given.current - delta, given.current);
    const pacing = { proposals: oldestFirst(given.proposals), changes };
    return paceOnce({ ...given, proposed, pacing, hot: { ...hot, asked: given.current }, since: start - given.age });
  };
  it('the result lies between the present count and the proposal, and the last step says it', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { desired, steps } = call(given);
        expect(Number.isInteger(desired)).toBe(true);
        expect(desired).toBeGreaterThanOrEqual(Math.min(given.current, given.proposed));
        expect(desired).toBeLessThanOrEqual(Math.max(given.current, given.proposed));
        expect(steps.at(-1)?.to ?? given.proposed).toBe(desired);
        for (const [index, step] of steps.entries()) expect(step.from).toBe(steps[index - 1]?.to ?? given.proposed);
      }),
    );
  });
  it('a larger proposal never gives a smaller count', () => {
    fc.assert(
      fc.property(situation, fc.integer({ min: 0, max: 50 }), (given, more) => {
        const { behavior } = given;
        // Tolerance is a band in the middle: it has no order to keep.
        const even = {
          scaleOut: { ...behavior.scaleOut, tolerance: 0 },
          scaleIn: { ...behavior.scaleIn, tolerance: 0 },
        };
        const plain = { ...given, behavior: even };
        expect(call(plain, given.proposed + more).desired).toBeGreaterThanOrEqual(call(plain).desired);
      }),
    );
  });
  it('a larger scale-out is never blocked by the cooldown of a smaller one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 299 }),
        (first, extra, ago) => {
          const hot = { ...quiet, scaledOutAt: start - ago, scaledOutBy: first };
          const { desired } = paceOnce({
            current: 10,
            proposed: 10 + first + extra,
            behavior: behave({ cooldownSeconds: 300 }),
            hot,
          });
          expect(desired).toBe(10 + extra);
        },
      ),
    );
  });
});
