import type { ProblemIssue } from './problem.ts';
import { shown } from './shown.ts';

export const deepestNesting = 32;

/**
 * What makes valid JSON mean different things to different readers, or break those behind us: a key twice, `__proto__`,
 * deep nesting, numbers that do not survive a double, characters that SQS refuses. Undefined: nothing.
 *
 * @param text valid JSON; the walk relies on it
 */
export const jsonTrouble = (text: string): ProblemIssue | undefined => {
  const open: Level[] = [];
  for (const [token] of text.matchAll(tokens)) {
    const trouble = step(open, token);
    if (trouble === undefined) continue;
    const [found, expected] = trouble;
    return { path: `body${open.map(({ at }) => at).join('')}`, found, expected };
  }
  return undefined;
};

// Strings are unrolled: an alternation in the loop would need a stack as deep as the string is long.
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[-+.eE\d]*|[{}[\],]/g;

/** An object or a list that is open. */
interface Level {
  /** Of an object. */
  readonly keys?: Set<string>;
  /** Of a list: where the walk is. */
  index: number;
  /** The next string is a key. */
  awaitsKey: boolean;
  /** Where the walk is, as a piece of a path. */
  at: string;
}

type Trouble = readonly [found: string, expected: string];

const step = (open: Level[], token: string): Trouble | undefined => {
  const first = token[0] ?? '';
  if (first === '{' || first === '[') return enter(open, first);
  if (first === '}' || first === ']') open.pop();
  else if (first === ',') next(open.at(-1));
  else if (first === '"') return takeText(open.at(-1), JSON.parse(token) as string);
  else if (!survives(token)) {
    return [`the number ${shown(token)}`, 'a number that a double holds exactly; send larger ones as text'];
  }
  return undefined;
};

const enter = (open: Level[], bracket: '{' | '['): Trouble | undefined => {
  if (open.length >= deepestNesting) return ['deeper nesting', `at most ${deepestNesting} levels`];
  open.push(
    bracket === '{'
      ? { keys: new Set(), index: 0, awaitsKey: true, at: '' }
      : { index: 0, awaitsKey: false, at: '[0]' },
  );
  return undefined;
};

const next = (level: Level | undefined): void => {
  if (level === undefined) return;
  level.index += 1;
  level.awaitsKey = level.keys !== undefined;
  if (level.keys === undefined) level.at = `[${level.index}]`;
};

const takeText = (level: Level | undefined, value: string): Trouble | undefined => {
  const bad = badCharacter(value);
  if (bad !== undefined) return [bad, 'Unicode text without half surrogate pairs and noncharacters'];
  if (level?.keys === undefined || !level.awaitsKey) return undefined;
  level.awaitsKey = false;
  level.at = `.${shown(value).slice(1, -1)}`;
  if (value === '__proto__') return ['the key "__proto__"', 'another name'];
  if (level.keys.has(value)) return [`the key ${shown(value)} twice`, 'each key once'];
  level.keys.add(value);
  return undefined;
};

/** Fractions may be rounded, as everywhere; whole numbers are often ids, and those must not change. */
const survives = (source: string): boolean => {
  const value = Number(source);
  return Number.isFinite(value) && (!/^-?\d+$/.test(source) || Number.isSafeInteger(value));
};

const badCharacter = (value: string): string | undefined => {
  if (!value.isWellFormed()) return 'half a surrogate pair';
  const found = /[\ufffe\uffff]/.exec(value)?.[0];
  return found === undefined ? undefined : `the character U+${found.charCodeAt(0).toString(16).toUpperCase()}`;
};
