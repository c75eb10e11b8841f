import { expect, it } from 'vitest';
import { offsetSpanAt } from '../../lib/schedule/zone-clock.ts';
import { epoch } from './plan-for-test.ts';

it.each([
  ['Europe/Copenhagen', '2026-03-29T01:00:00Z', 3600, 7200],
  ['Europe/Copenhagen', '2026-10-25T01:00:00Z', 7200, 3600],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', 37_800, 39_600],
])('%s: the instant %s belongs to the offset that begins', (zone, iso, before, after) => {
  const change = epoch(iso);
  // In this order, so that the span before is in the cache when the instant itself is asked for.
  const offsets = [change - 1, change, change + 1, change - 0.001].map((at) => offsetSpanAt(zone, at).offsetSeconds);
  expect(offsets).toEqual([before, after, after, before]);
  expect(offsetSpanAt(zone, change).from).toBe(change);
  expect(offsetSpanAt(zone, change - 1).until).toBe(change);
});

it('needs no end where a zone has no more changes', () => {
  expect(offsetSpanAt('Asia/Kathmandu', epoch('2026-06-01T00:00:00Z'))).toMatchObject({
    until: Number.POSITIVE_INFINITY,
    offsetSeconds: 20_700,
  });
});
