/** What a line of a function's log complains of; undefined for lines that are no error. */
export const functionTrouble = (line: string): string | undefined => {
  const entry = parsed(line);
  if (entry?.level !== 'ERROR') return undefined;
  const detail = entry.problem ?? (entry.error as Entry | undefined)?.message;
  if (detail === undefined) return String(entry.message);
  return `${entry.message}: ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`;
};

type Entry = Readonly<Record<string, unknown>>;

const parsed = (line: string): Entry | undefined => {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
};
