import type * as z from 'zod';
import { Problem, type ProblemIssue } from './problem.ts';
import { shown } from './shown.ts';

/** The value as its schema says, or `Problem` bad-content with every issue at its place below `root`. */
export const check = <T extends z.ZodType>(schema: T, value: unknown, root: string): z.output<T> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Problem(root.startsWith('body') ? 'bad-content' : 'bad-request', 'What was sent does not fit the schema.', {
    issues: issuesOf(parsed.error.issues, value, root),
  });
};

/** A message may name thousands of issues; the first ones are enough to mend it. */
const issuesMost = 20;

export const issuesOf = (issues: readonly z.core.$ZodIssue[], value: unknown, root: string): readonly ProblemIssue[] =>
  issues
    .flatMap((issue): readonly ProblemIssue[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({
            path: pathText(root, [...issue.path, key]),
            found: `the unknown key ${shown(key)}`,
            expected: issue.message,
          }))
        : [{ path: pathText(root, issue.path), found: foundText(value, issue.path), expected: issue.message }],
    )
    .slice(0, issuesMost);

const pathText = (root: string, path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${shown(String(key)).slice(1, -1)}`),
    root,
  );

const foundText = (value: unknown, path: readonly PropertyKey[]): string => {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return 'nothing';
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  if (at === undefined) return 'nothing';
  if (typeof at === 'string') return shown(at);
  if (Array.isArray(at)) return `a list of ${at.length}`;
  return typeof at === 'object' && at !== null ? 'an object' : shown(String(at)).slice(1, -1);
};
