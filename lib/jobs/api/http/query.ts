import { Problem } from './problem.ts';
import { shown } from './shown.ts';

/** Throws `Problem` for a parameter that comes twice. */
export const queryOf = (request: Request): Readonly<Record<string, string>> => {
  const { searchParams } = new URL(request.url);
  const seen = new Map<string, string>();
  for (const [name, value] of searchParams) {
    if (seen.has(name)) {
      throw new Problem('bad-request', 'A parameter comes twice.', {
        issues: [{ path: `query.${shown(name).slice(1, -1)}`, found: 'two values', expected: 'one' }],
      });
    }
    seen.set(name, value);
  }
  return Object.fromEntries(seen);
};
