import type { ImportedConfig } from './import-files.ts';
import { formatNote, type ImportNote } from './note.ts';

/**
 * An imported config as TypeScript: a comment above each value that a note speaks of, and what was left out at the top.
 * `importFrom`: where `defineConfig` comes from.
 */
export const writeConfig = ({ config, notes, origins }: ImportedConfig, importFrom: string): string => {
  const lines = [
    `import { defineConfig } from '${importFrom}';`,
    '',
    ...head(notes, origins),
    ...value({ notes, path: '', indent: '' }, config, 'export default defineConfig(', ');'),
    '',
  ];
  return lines.join('\n');
};

const head = (notes: readonly ImportNote[], origins: ImportedConfig['origins']): readonly string[] => {
  const lost = notes.filter(({ kind, at }) => kind === 'dropped' || at === undefined);
  return [
    '/**',
    ...Object.entries(origins).map(([name, origin]) => ` * ${name}: imported from ${safe(origin)} by "sluice import".`),
    " * Once it runs, try the policy { type: 'slo' }: it needs nothing but the promise (docs/slo-policy.md).",
    lost.length === 0 ? ' * Everything was carried over.' : ' * Not carried over as it stands:',
    ...lost.flatMap((note) => wrapped(safe(formatNote(note)), ' * - ', ' *   ')),
    ' */',
  ];
};

interface Writing {
  readonly notes: readonly ImportNote[];
  readonly path: string;
  readonly indent: string;
}

const widest = 118;

const value = (writing: Writing, item: unknown, before: string, after: string): readonly string[] => {
  const { indent, notes, path } = writing;
  const below = notes.some(
    ({ kind, at }) => kind !== 'dropped' && at !== undefined && at !== path && isBelow(at, path),
  );
  const inline = `${indent}${before}${oneLine(item)}${after}`;
  if (typeof item !== 'object' || item === null || (!below && inline.length <= widest && path !== '')) return [inline];
  const deeper = `${indent}  `;
  const [open, close] = Array.isArray(item) ? ['[', ']'] : ['{', '}'];
  const inner = Array.isArray(item)
    ? item.flatMap((entry, i) => child(writing, deeper, `${path}[${i}]`, entry, ''))
    : Object.entries(item).flatMap(([key, entry]) =>
        child(writing, deeper, path === '' ? key : `${path}.${key}`, entry, `${keyText(key)}: `),
      );
  return [`${indent}${before}${open}`, ...inner, `${indent}${close}${after}`];
};

const child = (writing: Writing, indent: string, path: string, entry: unknown, before: string): readonly string[] => [
  ...commentsAt(writing.notes, path).flatMap((text) => wrapped(text, `${indent}// `, `${indent}// `)),
  ...value({ ...writing, path, indent }, entry, before, ','),
];

const commentsAt = (notes: readonly ImportNote[], path: string): readonly string[] => [
  ...new Set(
    notes
      .filter(({ kind, at }) => kind !== 'dropped' && at === path)
      .map((note) =>
        note.kind === 'default'
          ? note.why
          : `${note.found === note.became ? note.found : `${note.found} → ${note.became}`}. ${note.why}`,
      ),
  ),
];

const isBelow = (at: string, path: string): boolean =>
  path === '' || at.startsWith(`${path}.`) || at.startsWith(`${path}[`);

const oneLine = (item: unknown): string => {
  if (Array.isArray(item)) return `[${item.map(oneLine).join(', ')}]`;
  if (typeof item === 'object' && item !== null)
    return `{ ${Object.entries(item)
      .map(([key, entry]) => `${keyText(key)}: ${oneLine(entry)}`)
      .join(', ')} }`;
  return typeof item === 'string' ? `'${item.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'` : String(item);
};

const keyText = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : `'${key.replace(/[\\']/g, '\\$&')}'`);

const wrapped = (text: string, first: string, next: string): readonly string[] => {
  const lines: string[] = [];
  let line = first;
  for (const word of text.replaceAll('\n', ' ').split(' ')) {
    if (line.length + word.length + 1 > widest && line.trim() !== first.trim()) {
      lines.push(line.trimEnd());
      line = next;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
};

/** Text of a file must not end the comment that it stands in. */
const safe = (text: string): string => text.replaceAll('*/', '*\\/');
