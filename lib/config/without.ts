import type { Path } from './input-issues.ts';

/** A copy of some input without what stands at the paths. Where there is nothing to remove, what lacks it goes instead. */
export const without = (input: unknown, paths: readonly Path[]): unknown => {
  const copy = structuredCloneOf(input);
  for (const path of paths) remove(copy, path);
  // Only now: a list must keep its numbering until all paths are done.
  return structuredCloneOf(copy);
};

const remove = (root: unknown, path: Path): void => {
  const parent = path.slice(0, -1).reduce<unknown>((value, key) => (isContainer(value) ? value[key] : undefined), root);
  const key = path.at(-1);
  if (key === undefined) return;
  if (isContainer(parent) && key in parent) delete parent[key];
  else remove(root, path.slice(0, -1));
};

const isContainer = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null;

/** Plain data only: functions and the like, which a .ts config may hold by mistake, stay as they are. Holes in lists close. */
const structuredCloneOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.filter(() => true).map(structuredCloneOf);
  if (!isContainer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, structuredCloneOf(inner)]));
};
