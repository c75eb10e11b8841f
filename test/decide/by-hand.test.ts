import { expect, it } from 'vitest';
import { byHand } from '../../lib/decide/by-hand.ts';
import type { Override } from '../../lib/model/plan.ts';

const now = Date.parse('2026-11-21T10:00:00Z') / 1000;
const until = now + 7200;

it.each<[string, Override, string, string]>([
  [
    'a pause by somebody',
    { kind: 'pause', until, by: 'ann@desk', reason: 'database move' },
    'paused',
    'Paused by ann@desk until 2026-11-21T12:00:00Z ("database move").',
  ],
  ['a pause', { kind: 'pause', until }, 'paused', 'Paused by hand until 2026-11-21T12:00:00Z.'],
  [
    'a pause of all',
    { kind: 'pause', until, all: true, by: 'ann' },
    'paused',
    'All services are paused by ann until 2026-11-21T12:00:00Z.',
  ],
  ['a hold', { kind: 'hold', desired: 1, until }, 'heldByHand', 'Held at 1 task by hand until 2026-11-21T12:00:00Z.'],
  [
    'the switch',
    { kind: 'stop', cause: 'switch', reason: 'incident 7' },
    'stopAll',
    'The stop-all switch is on ("incident 7"): every service keeps its count until it is turned off.',
  ],
  [
    'what nobody can read',
    { kind: 'stop', cause: 'unreadable', reason: 'its "until" is missing' },
    'overrideUnreadable',
    'Somebody set an override that cannot be read (its "until" is missing). It counts as a pause until it is mended or removed.',
  ],
  [
    'what could not be read',
    { kind: 'stop', cause: 'unread' },
    'overridesUnread',
    'Whether somebody paused this service could not be read (no answer), so the count stays.',
  ],
])('%s names who and why', (_, override, code, text) => {
  expect(byHand(override, now)).toMatchObject({ code, text });
});

it('is over at its end, to the second', () => {
  expect(byHand({ kind: 'pause', until }, until - 0.001)).toBeDefined();
  expect(byHand({ kind: 'pause', until }, until)).toBeUndefined();
  expect(byHand({ kind: 'hold', desired: 3, until }, until)).toBeUndefined();
  expect(byHand({ kind: 'stop', cause: 'switch' }, until * 2)).toBeDefined();
});
