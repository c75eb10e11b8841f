import { readFileSync } from 'node:fs';
import { type JsonFault, jsonFault } from '../../config/json-text.ts';
import { BadInput } from '../../model/bad-input.ts';

/** @throws BadInput that names the option, or the line of the file. */
export const readJsonFile = (option: string, file: string, expected: string): unknown => {
  const text = read(option, file, expected).replace(/^\uFEFF/, '');
  const fault = jsonFault(text);
  if (fault)
    throw bad(`${file}:${fault.line}:${fault.column}`, fault.found, fault.expected, mendOf(text, fault, expected));
  return JSON.parse(text);
};

const mendOf = (text: string, { found }: JsonFault, expected: string): string => {
  if (!/^\s*[[{]/.test(text)) return `This is no JSON: name ${expected}.`;
  return /^"-?(NaN|Infinity|None|nan|inf)/.test(found)
    ? 'JSON has no such number: write null where it is not known.'
    : 'Correct the JSON there.';
};

const read = (option: string, file: string, expected: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT'
      ? bad(option, `no such file: ${file}`, expected, 'Check the path.')
      : bad(option, `a file that cannot be read (${code}): ${file}`, expected, 'Name a readable file.');
  }
};

const bad = (path: string, found: string, expected: string, mend: string): BadInput =>
  new BadInput([{ path, found, expected, mend }]);
