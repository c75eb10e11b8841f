import { describe, expect, it, test } from 'vitest';
import type { Override } from '../../lib/model/plan.ts';
import { type Overrides, overrideOf, parseOverrides } from '../../lib/observe/overrides.ts';

const now = Date.parse('2026-11-21T10:00:00Z') / 1000;
const pause = (until: number, at?: number): Override => ({ kind: 'pause', until, ...(at === undefined ? {} : { at }) });

describe('what is written by hand', () => {
  it.each([
    ['true', { BOOL: true }, true],
    ['the word', { S: 'true' }, true],
    ['yes', { S: ' Yes ' }, true],
    ['any other word: somebody meant something', { S: 'stop!' }, true],
    ['1', { N: '1' }, true],
    ['false', { BOOL: false }, false],
    ['no', { S: 'No' }, false],
    ['0', { N: '0' }, false],
    ['nothing', { S: '' }, false],
    ['null', { NULL: true as const }, false],
  ])('stopAll: %s', (_, stopAll, on) => {
    expect(parseOverrides({ stopAll }).stop !== undefined).toBe(on);
  });

  it('the switch carries its reason', () => {
    expect(parseOverrides({ stopAll: { BOOL: true }, stopAllReason: { S: 'incident 7' } }).stop).toEqual({
      kind: 'stop',
      cause: 'switch',
      all: true,
      reason: 'incident 7',
    });
  });

  it.each([
    ['ISO text', { S: '2026-11-21T12:00:00Z' }],
    ['ISO text with an offset', { S: '2026-11-21T13:00:00+01:00' }],
    ['epoch seconds', { N: '1795262400' }],
    ['epoch seconds as text', { S: '1795262400' }],
  ])('until as %s', (_, until) => {
    const { byService } = parseOverrides({ 'service:convert': { M: { kind: { S: 'pause' }, until } } });
    expect(byService.convert).toEqual({ kind: 'pause', until: 1795262400 });
  });

  it.each([
    ['no map', { S: 'pause' }, /not a map/],
    ['no end', { M: { kind: { S: 'pause' } } }, /"until" is missing/],
    ['an end without a zone', { M: { kind: { S: 'pause' }, until: { S: '2026-11-21T12:00' } } }, /"until" is no time/],
    ['an unknown kind', { M: { kind: { S: 'halt' }, until: { N: '1' } } }, /"kind" is "halt"/],
    ['half a task', { M: { kind: { S: 'hold' }, until: { N: '1' }, desired: { N: '2.5' } } }, /"desired"/],
    ['no count', { M: { kind: { S: 'hold' }, until: { N: '1' } } }, /"desired"/],
  ])('%s is a pause until it is mended', (_, value, reason) => {
    const override = parseOverrides({ 'service:a': value }).byService.a;
    expect(override).toMatchObject({ kind: 'stop', cause: 'unreadable', reason: expect.stringMatching(reason) });
  });
});

describe('what holds for a service', () => {
  const of = (overrides: Partial<Overrides>) => overrideOf({ byService: {}, ...overrides }, 'a', now);

  test('nothing, when nothing was set or all of it is over', () => {
    expect(of({})).toBeUndefined();
    expect(of({ all: pause(now), byService: { a: pause(now - 1), b: pause(now + 1) } })).toBeUndefined();
  });

  test('the newer of its own and the one for all', () => {
    const [older, newer] = [pause(now + 10, now - 20), pause(now + 20, now - 10)];
    expect(of({ all: older, byService: { a: newer } })).toBe(newer);
    expect(of({ all: newer, byService: { a: older } })).toBe(newer);
    expect(of({ all: pause(now - 1, now - 5), byService: { a: older } })).toBe(older);
  });

  test('the stop-all switch before everything', () => {
    const stop: Override = { kind: 'stop', cause: 'switch' };
    expect(of({ stop, byService: { a: pause(now + 10, now) } })).toBe(stop);
  });
});
