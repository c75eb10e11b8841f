import { readFileSync } from 'node:fs';
import { jsonFault } from '../../config/json-text.ts';
import { BadInput } from '../../model/bad-input.ts';
import { readUsage } from '../../report/usage/read-usage.ts';
import type { Usage } from '../../report/usage/usage.ts';

/** @throws BadInput that names the file, and the line or the path in it. */
export const readUsageFile = (file: string): Usage => {
  const text = read(file).replace(/^\uFEFF/, '');
  const fault = jsonFault(text);
  if (fault) throw bad(`${file}:${fault.line}:${fault.column}`, fault.found, fault.expected, 'Correct the JSON there.');
  const usage = readUsage(JSON.parse(text));
  if (usage.ok) return usage.usage;
  throw new BadInput(usage.issues.map((issue) => ({ ...issue, path: `${file} ${issue.path}` })));
};

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT'
      ? bad('--usage', `no such file: ${file}`, 'a usage file (docs/usage.schema.json)', 'Check the path.')
      : bad('--usage', `a file that cannot be read (${code}): ${file}`, 'a usage file', 'Name a readable file.');
  }
};

const bad = (path: string, found: string, expected: string, mend: string): BadInput =>
  new BadInput([{ path, found, expected, mend }]);
