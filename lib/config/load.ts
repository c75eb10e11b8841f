import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BadInput } from '../model/bad-input.ts';
import { defaultHolidayYears } from './holidays.ts';
import { jsonFault } from './json-text.ts';
import { type GoodConfig, type ParseOptions, parseConfig } from './parse-config.ts';

export const defaultConfigFile = 'sluice.config.ts';

/**
 * Reads and checks a config file: JSON, or TypeScript/JavaScript with the config as its default export.
 * Throws `BadInput` for whatever is wrong with the file or the config in it.
 */
export const loadConfig = async (
  file: string = defaultConfigFile,
  options: Pick<ParseOptions, 'signalsGiven'> = {},
): Promise<GoodConfig> => {
  const parsed = parseConfig(await readInput(file), { holidayYears: holidayYears(), ...options });
  if (!parsed.ok) throw new BadInput(parsed.issues);
  return parsed;
};

/** What the file holds, not checked yet. */
const readInput = async (file: string): Promise<unknown> => {
  const text = await readText(file);
  const kind = extname(file).toLowerCase();
  if (kind === '.json') return parseJson(file, text);
  if (scripts.includes(kind)) return importDefault(file);
  throw bad(
    file,
    kind ? `a file that ends in "${kind}"` : 'a file without an ending',
    'a .ts or .json file',
    'Rename it, or name another file with --config.',
  );
};

const scripts: readonly string[] = ['.ts', '.mts', '.js', '.mjs'];

/** The years that the tests cover, and always the next ten. */
const holidayYears = (): readonly number[] => {
  const last = Math.max(defaultHolidayYears.at(-1) ?? 0, new Date().getUTCFullYear() + 10);
  const first = defaultHolidayYears[0] ?? last;
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
};

const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw bad(
        file,
        'no such file',
        'a config file',
        'Name an existing file with --config, or create it: docs/configuration.md shows how.',
      );
    throw bad(
      file,
      code === 'EISDIR' ? 'a folder' : `a file that cannot be read (${code})`,
      'a config file',
      'Name a readable file with --config.',
    );
  }
};

const parseJson = (file: string, text: string): unknown => {
  const withoutMark = text.replace(/^\uFEFF/, '');
  const fault = jsonFault(withoutMark);
  if (fault) throw bad(`${file}:${fault.line}:${fault.column}`, fault.found, fault.expected, 'Correct the JSON there.');
  return JSON.parse(withoutMark);
};

const importDefault = async (file: string): Promise<unknown> => {
  try {
    const module: { readonly default?: unknown } = await import(/* @vite-ignore */ pathToFileURL(resolve(file)).href);
    if (module.default !== undefined) return module.default;
  } catch (error) {
    throw importFault(file, error);
  }
  throw bad(file, 'no default export', 'export default defineConfig({ … })', 'Export the config as default.');
};

const importFault = (file: string, error: unknown): BadInput => {
  if (error instanceof BadInput) return error;
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const place = placeIn(file, stack ?? '');
  const what =
    name === 'SyntaxError'
      ? `a syntax error: ${oneLine(message)}`
      : `an error when it runs: ${name}: ${oneLine(message)}`;
  return bad(
    place ? `${file}:${place}` : file,
    what,
    'TypeScript that Node can run',
    place ? 'Correct that line.' : 'Run it with node to see more.',
  );
};

/** `FILE:12` stands at the head of a syntax error's stack, `FILE:12:3` in the frames of any other. */
const placeIn = (file: string, stack: string): string | undefined => {
  const names = [file, resolve(file), pathToFileURL(resolve(file)).href];
  for (const line of stack.split('\n')) {
    const name = names.find((known) => line.includes(`${known}:`));
    const number = name && /^:(\d+(?::\d+)?)/.exec(line.slice(line.indexOf(`${name}:`) + name.length))?.[1];
    if (number) return number;
  }
  return undefined;
};

const oneLine = (text: string): string => text.trim().split('\n')[0] ?? '';

const bad = (path: string, found: string, expected: string, mend: string): BadInput =>
  new BadInput([{ path, found, expected, mend }]);
