/** A value as people write it in a config: keys bare, single quotes, on one line. */
export const literal = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (value === null || typeof value !== 'object') return String(value);
  const fields = Object.entries(value).map(
    ([key, field]) => `${/^[a-z_]\w*$/i.test(key) ? key : literal(key)}: ${literal(field)}`,
  );
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
};
