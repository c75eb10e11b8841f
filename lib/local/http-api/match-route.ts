/**
 * The route that API Gateway takes: a full path before one with variables, that before a greedy one, `$default` last;
 * among equals a method before `ANY`.
 */
export const matchRoute = <T extends { readonly routeKey: string }>(
  routes: readonly T[],
  method: string,
  path: string,
): T | undefined =>
  routes
    .map((route) => ({ route, rank: rankOf(route.routeKey, method, path) }))
    .filter(({ rank }) => rank !== undefined)
    .toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0))[0]?.route;

const rankOf = (routeKey: string, method: string, path: string): number | undefined => {
  if (routeKey === '$default') return 100;
  const [routeMethod = '', routePath = ''] = routeKey.split(' ');
  if (routeMethod !== 'ANY' && routeMethod !== method) return undefined;
  const rank = pathRank(routePath.split('/'), path.split('/'));
  return rank === undefined ? undefined : rank * 2 + (routeMethod === 'ANY' ? 1 : 0);
};

const pathRank = (pattern: readonly string[], parts: readonly string[]): number | undefined => {
  const greedy = pattern.findIndex((part) => /^\{.*\+\}$/.test(part));
  if (greedy < 0 && pattern.length !== parts.length) return undefined;
  const fixed = greedy < 0 ? pattern : pattern.slice(0, greedy);
  if (greedy >= 0 && parts.slice(greedy).join('/') === '') return undefined;
  if (!fixed.every((part, i) => isVariable(part) || part === parts[i])) return undefined;
  return (greedy >= 0 ? 20 : 0) + fixed.filter(isVariable).length;
};

const isVariable = (part: string): boolean => part.startsWith('{');
