import { expect, it } from 'vitest';
import { parseLength, parseWhen } from '../../../lib/cli/operate/when.ts';
import { isoUtc } from '../../../lib/report/why/times.ts';

const end = Date.parse('2026-11-21T03:00:30Z') / 1000;

it.each([
  ['02:41', '2026-11-21T02:41:00Z'],
  ['2:41', '2026-11-21T02:41:00Z'],
  ['02:41:10', '2026-11-21T02:41:10Z'],
  ['02:41Z', '2026-11-21T02:41:00Z'],
  ['03:00:30', '2026-11-21T03:00:30Z'],
  // Later than now: that was yesterday.
  ['03:00:31', '2026-11-20T03:00:31Z'],
  ['23:59', '2026-11-20T23:59:00Z'],
  ['5m ago', '2026-11-21T02:55:30Z'],
  ['1h30m ago', '2026-11-21T01:30:30Z'],
  ['90s', '2026-11-21T02:59:00Z'],
  ['2026-11-19T12:00:00Z', '2026-11-19T12:00:00Z'],
  ['2026-11-19T12:00:00+01:00', '2026-11-19T11:00:00Z'],
  ['2026-11-19 12:00', '2026-11-19T12:00:00Z'],
  ['2026-11-19', '2026-11-19T00:00:00Z'],
])('%s is %s', (text, at) => {
  expect(isoUtc(parseWhen('--at', text, end))).toBe(at);
});

it.each(['', 'yesterday', '24:00', '12:60', 'ago', '5 ago', '-5m ago'])('%j is no time', (text) => {
  expect(() => parseWhen('--at', text, end)).toThrow(/^--at: found .*; expected a time such as/);
});

it('a length of time has an upper end', () => {
  expect(parseLength('--for', '1d', 86_400)).toBe(86_400);
  expect(() => parseLength('--for', '25h', 86_400)).toThrow(/at most 1 days/);
  expect(() => parseLength('--for', '0s', 86_400)).toThrow(/--for/);
});
