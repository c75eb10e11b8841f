import { expect, it } from 'vitest';
import type { Path } from '../../lib/config/input-issues.ts';
import { without } from '../../lib/config/without.ts';

it.each<readonly [string, unknown, readonly Path[], unknown]>([
  ['a field', { a: 1, b: 2 }, [['a']], { b: 2 }],
  [
    'entries of a list, by their first numbering, without holes',
    { l: [0, 1, 2, 3] },
    [
      ['l', 0],
      ['l', 2],
    ],
    { l: [1, 3] },
  ],
  ['what lacks a field', { l: [{ a: 1 }, { b: 2 }] }, [['l', 1, 'a']], { l: [{ a: 1 }] }],
  [
    'what lacks two fields, and not its parent',
    { l: [{}, 5] },
    [
      ['l', 0, 'a'],
      ['l', 0, 'b'],
    ],
    { l: [5] },
  ],
  ['nothing for the root', { a: 1 }, [[]], { a: 1 }],
])('removes %s', (_name, input, paths, rest) => {
  const before = JSON.stringify(input);
  expect(without(input, paths)).toEqual(rest);
  expect(JSON.stringify(input)).toBe(before);
});
