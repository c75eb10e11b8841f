import type { z } from 'zod';
import type { InputIssue } from '../model/bad-input.ts';
import { nearest } from './nearest.ts';
import { refusedKey } from './refused-keys.ts';
import { keySeparator } from './schema/field.ts';
import { dayWords, weekdayNames } from './schema/window-schema.ts';

export type Path = readonly PropertyKey[];

/** An issue with the place in the input that has to change. */
export interface PlacedIssue {
  readonly path: Path;
  readonly issue: InputIssue;
}

/** What zod found → one line each: path, found, expected, mend. */
export const inputIssues = (issues: readonly z.core.$ZodIssue[], input: unknown): readonly PlacedIssue[] =>
  issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        const refused = refusedKey(key, valueAt(input, path));
        return refused
          ? place(path, refused.found, refused.expected, refused.mend)
          : unknownKey(path, key, issue.message.split(keySeparator));
      });
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const branch = branchMeant(issue.errors);
      if (branch)
        return inputIssues(
          branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
          input,
        );
    }
    return [place(issue.path, foundWords(issue, input), expectedWords(issue), mendWords(issue, input))];
  });

/** `services.convert.schedule[2].days` */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '') || 'config';

export const place = (path: Path, found: string, expected: string, mend: string): PlacedIssue => ({
  path,
  issue: { path: pathText(path), found, expected, mend },
});

export const valueAt = (input: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );

const unknownKey = (path: Path, key: string, known: readonly string[]): PlacedIssue => {
  const near = nearest(key, known);
  return place(
    path,
    `the unknown key "${key}"`,
    `one of ${known.join(', ')}`,
    near ? `Did you mean "${near}"?` : 'Remove it.',
  );
};

/** Of the branches of a union the one whose outer form fits, so that the error speaks of what was meant. */
const branchMeant = (branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined =>
  branches.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys' || code === 'custom'),
  ) ?? branches.find((issues) => issues.every(({ code }) => code === 'too_small' || code === 'too_big'));

interface Params {
  readonly found?: string;
  readonly mend?: string;
}
const paramsOf = (issue: z.core.$ZodIssue): Params => (issue.code === 'custom' ? ((issue.params ?? {}) as Params) : {});

const foundWords = (issue: z.core.$ZodIssue, input: unknown): string => {
  const { found } = paramsOf(issue);
  if (found !== undefined) return found;
  if (issue.code === 'invalid_key') return JSON.stringify(issue.path.at(-1));
  return shown(valueAt(input, issue.path));
};

const expectedWords = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'another name';
  if (issue.code !== 'invalid_value' || /"|false/.test(issue.message)) return issue.message;
  return issue.values.map((value) => JSON.stringify(value)).join(', ');
};

const mendWords = (issue: z.core.$ZodIssue, input: unknown): string => {
  const { mend } = paramsOf(issue);
  if (mend !== undefined) return mend;
  const value = valueAt(input, issue.path);
  const key = String(issue.path.at(-1) ?? 'config');
  if (issue.code === 'invalid_key') return `Rename "${key}".`;
  if (value === undefined) return `Add "${key}".`;
  if (typeof value === 'string') return mendText(issue, value);
  if (issue.code === 'too_big' && typeof value === 'number') return `Set it to ${issue.maximum} or less.`;
  if (issue.code === 'too_small' && typeof value === 'number')
    return `Set it ${issue.inclusive === false ? 'above' : 'to'} ${issue.minimum}${issue.inclusive === false ? '' : ' or more'}.`;
  if (issue.code === 'too_small' && Array.isArray(value)) return 'Add an entry, or remove the key.';
  return reference;
};

const mendText = (issue: z.core.$ZodIssue, value: string): string => {
  if (/number/.test(issue.message) && value.trim() !== '' && Number.isFinite(Number(value)))
    return `Write ${Number(value)} without quotes.`;
  if (dayWords.every((word) => issue.message.includes(word))) return mendDays(value);
  const words = [...issue.message.matchAll(/"([^"…]+)"/g)].map(([, word]) => word ?? '');
  const near = nearest(value, words);
  return near && (issue.code === 'invalid_value' || issue.code === 'invalid_union')
    ? `Did you mean "${near}"?`
    : reference;
};

const mendDays = (value: string): string => {
  const day = weekdayNames.find((name) => value.toLowerCase().startsWith(name));
  if (day) return `A single day is a list too: ["${day}"].`;
  const near = nearest(value, dayWords);
  return near ? `Did you mean "${near}"?` : 'Choose one of the words, or list weekdays.';
};

const reference = 'Correct it; docs/configuration.md shows what it takes.';

/** A value as people would recognise it, cut short. */
const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
};
