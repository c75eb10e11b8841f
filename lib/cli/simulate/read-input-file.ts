import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { nearest } from '../../config/nearest.ts';
import { BadInput } from '../../model/bad-input.ts';

/**
 * The text of a file that an option names.
 * @throws BadInput, with the file's neighbour of a like name when there is no such file.
 */
export const readInputFile = async (file: string, option: string, expected: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const absent = code === 'ENOENT' || code === 'ENOTDIR';
    throw new BadInput([
      {
        path: option,
        found: absent ? `no such file: ${file}` : `a file that cannot be read (${code}): ${file}`,
        expected,
        mend: absent ? neighbour(file) : 'Name a readable file.',
      },
    ]);
  }
};

/** The file of the same folder whose name is like the one that is not there. */
const neighbour = (file: string): string => {
  try {
    const close = nearest(basename(file), readdirSync(dirname(file)));
    return close === undefined ? 'Check the path.' : `Did you mean ${join(dirname(file), close)}?`;
  } catch {
    return 'Check the path.';
  }
};
