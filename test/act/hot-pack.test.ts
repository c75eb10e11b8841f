import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packHot, unpackHot } from '../../lib/act/hot-pack.ts';
import type { HotState } from '../../lib/model/state.ts';

const time = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 4e12 }).map((ms) => ms / 1000),
);
const count = fc.integer({ min: -1, max: 5000 });
const hotState: fc.Arbitrary<HotState> = fc.record({
  lastTickAt: time,
  asked: count,
  askedFrom: count,
  scaledOutAt: time,
  scaledOutBy: count,
  scaledInAt: time,
  unknownSince: time,
  foreignUntil: time,
});

test('packed hot state is the same again, and with a name of 30 characters at most 100 bytes', () => {
  fc.assert(
    fc.property(hotState, (hot) => {
      expect(unpackHot(packHot(hot))).toEqual(hot);
      expect(packHot(hot).length + 30).toBeLessThanOrEqual(100);
    }),
  );
});

test.each(['', 'x', '1 2 3', 'a b c d e f g h'])('%j is not hot state', (text) => {
  expect(unpackHot(text)).toBeUndefined();
});
