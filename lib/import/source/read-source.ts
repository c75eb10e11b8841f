import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { jsonFault } from '../../config/json-text.ts';
import { BadInput } from '../../model/bad-input.ts';
import { type Scalar, Source, type SourceContent } from './source.ts';

/** The documents of a YAML or JSON text. Throws `BadInput` with file and line. */
export const readSource = (file: string, text: string): readonly Source[] => {
  const clean = text.replace(/^\uFEFF/, '');
  if (clean.trim() === '')
    throw bad(file, 'an empty file', 'YAML or JSON', 'Name the file that holds the scaling configuration.');
  // YAML would take most of broken JSON for something.
  if (/^\s*[[{]/.test(clean) && !/^---/m.test(clean)) refuseBadJson(file, clean);
  const lines = new LineCounter();
  const documents = parseAllDocuments(clean, { lineCounter: lines, merge: true, prettyErrors: false });
  const found = 'empty' in documents ? [] : documents;
  for (const document of found) {
    const [error] = document.errors;
    if (error === undefined) continue;
    const { line, col } = lines.linePos(error.pos[0]);
    throw bad(`${file}:${line}:${col}`, oneLine(error.message), 'YAML', mendFor(clean, line));
  }
  return found.flatMap((document) =>
    document.contents === null || (isScalar(document.contents) && document.contents.value === null)
      ? []
      : [toSource({ file, lines, document }, document.contents, '')],
  );
};

const refuseBadJson = (file: string, text: string): void => {
  const fault = jsonFault(text);
  if (fault) throw bad(`${file}:${fault.line}:${fault.column}`, fault.found, fault.expected, 'Correct the JSON there.');
};

interface Reading {
  readonly file: string;
  readonly lines: LineCounter;
  readonly document: Document;
}

const toSource = (reading: Reading, node: unknown, path: string): Source => {
  const target = isAlias(node) ? node.resolve(reading.document) : (node as Node | null | undefined);
  const offset = (node as Node | null | undefined)?.range?.[0];
  const line = offset === undefined ? 1 : reading.lines.linePos(offset).line;
  return new Source(reading.file, line, path, contentOf(reading, target, path));
};

const contentOf = (reading: Reading, node: Node | null | undefined, path: string): SourceContent => {
  if (isSeq(node)) return node.items.map((item, index) => toSource(reading, item, `${path}[${index}]`));
  if (isMap(node)) return fieldsOf(reading, node.items, path);
  const value = isScalar(node) ? node.value : null;
  return typeof value === 'object' && value !== null ? String(value) : (value as Scalar);
};

const fieldsOf = (
  reading: Reading,
  pairs: readonly { readonly key: unknown; readonly value: unknown }[],
  path: string,
): ReadonlyMap<string, Source> => {
  const fields = new Map<string, Source>();
  for (const { key, value } of pairs) {
    const name = String(isScalar(key) ? key.value : key);
    const child = toSource(reading, value, path === '' ? name : `${path}.${name}`);
    if (name !== '<<') fields.set(name, child);
    // A merged map gives what is not there already.
    else if (child.isObject)
      for (const [merged, inherited] of child.entries()) if (!fields.has(merged)) fields.set(merged, inherited);
  }
  return fields;
};

const mendFor = (text: string, line: number): string =>
  text.includes('{{')
    ? 'It looks like a template: render it first, such as with "helm template".'
    : `Correct line ${line}: mostly an indentation, a colon without a blank behind it, or a quote that is not closed.`;

const oneLine = (message: string): string => message.split('\n')[0]?.replace(/\s+$/, '') ?? message;

const bad = (path: string, found: string, expected: string, mend: string): BadInput =>
  new BadInput([{ path, found, expected, mend }]);
