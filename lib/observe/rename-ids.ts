/**
 * Gives the ids inside a metric-math expression a prefix, so that many expressions fit into one call. Ids begin with a
 * small letter and functions with a capital one; text in quotes is left alone.
 */
export const renameIds = (expression: string, ids: readonly string[], prefix: string): string => {
  const known = new Set(ids);
  return expression.replace(/"[^"]*"|'[^']*'|(?<![\w.])[A-Za-z_]\w*/g, (token) =>
    known.has(token) ? `${prefix}${token}` : token,
  );
};
