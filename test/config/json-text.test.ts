import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonFault } from '../../lib/config/json-text.ts';

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

it('finds no fault in any JSON', () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.constantFrom(0, 2),
      (text, indent) => jsonFault(JSON.stringify(JSON.parse(text), null, indent)) === undefined,
    ),
  );
});

it('agrees with JSON.parse on broken JSON', () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', '"', '\\', 'x', '0', '\n'))
    .map(
      ([text, at, piece]) => text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + 1),
    );
  fc.assert(
    fc.property(broken, (text) => {
      const fault = jsonFault(text);
      return fault?.expected === 'each key once in an object' || (fault === undefined) === parses(text);
    }),
    { numRuns: 1000, seed: 42 },
  );
});

it.each([
  ['{\n  "a": 1,\n}', 3, 1, '"}"', 'a key in double quotes'],
  ['{"a": 1', 1, 8, 'the end of the file', '"," or "}"'],
  ['{"a": 1} x', 1, 10, '"x"', 'the end of the file'],
  ['[1 2]', 1, 4, '"2"', '"," or "]"'],
  ["{'a': 1}", 1, 2, '"\'"', 'a key in double quotes'],
  ['{"a": 1, "a": 2}', 1, 10, 'the key "a" a second time', 'each key once in an object'],
  ['', 1, 1, 'the end of the file', 'a value'],
])('%j', (text, line, column, found, expected) => {
  expect(jsonFault(text)).toEqual({ line, column, found, expected });
});
