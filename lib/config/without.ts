import { type Path, valueAt } from './input-issues.ts';

/** A copy of some input without what stands at the paths. Where there is nothing to remove, what lacks it goes instead. */
export const without = (input: unknown, paths: readonly Path[]): unknown => {
  const copy = structuredCloneOf(input);
  // All places first: two things that lack in one object must not make its parent go as well.
  for (const path of paths.map((path) => existing(copy, path))) remove(copy, path);
  // Holes close only now: a list must keep its numbering until all paths are done.
  return structuredCloneOf(copy);
};

const existing = (root: unknown, path: Path): Path => {
  const parent = valueAt(root, path.slice(0, -1));
  const key = path.at(-1);
  if (key === undefined || (isContainer(parent) && key in parent)) return path;
  return existing(root, path.slice(0, -1));
};

const remove = (root: unknown, path: Path): void => {
  const parent = valueAt(root, path.slice(0, -1));
  const key = path.at(-1);
  if (key !== undefined && isContainer(parent)) delete parent[key];
};

const isContainer = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null;

/** Plain data only: functions and the like, which a .ts config may hold by mistake, stay as they are. Holes in lists close. */
const structuredCloneOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.filter(() => true).map(structuredCloneOf);
  if (!isContainer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, structuredCloneOf(inner)]));
};
