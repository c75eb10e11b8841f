import { accessSync, constants, mkdirSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BadInput } from '../../model/bad-input.ts';

export interface OutputFile {
  readonly file: string;
  readonly text: string;
}

/**
 * All of them or none: each is written beside its place, and moved there when the last one is whole.
 * @throws BadInput
 */
export const writeFiles = (outputs: readonly OutputFile[]): readonly string[] => {
  const drafts = outputs.map(({ file, text }) => ({ file, text, draft: `${file}.${process.pid}.draft` }));
  const made: string[] = [];
  try {
    for (const { file } of outputs) makeFolder(dirname(file), made);
    for (const { draft, text } of drafts) writeFileSync(draft, text);
  } catch (error) {
    for (const path of [...drafts.map(({ draft }) => draft), ...made]) rmSync(path, { force: true, recursive: true });
    const { code, path = '' } = error as NodeJS.ErrnoException;
    throw unwritable(
      path,
      `that it cannot be written (${code})`,
      'a writable place',
      'Make room there, or name another.',
    );
  }
  for (const { draft, file } of drafts) renameSync(draft, file);
  return outputs.map(({ file }) => file);
};

/** Step by step: `mkdirSync` with `recursive` never returns where a folder exists and takes none, as in /proc. */
const makeFolder = (folder: string, made: string[]): void => {
  if (stat(folder) !== undefined) return;
  makeFolder(dirname(folder), made);
  mkdirSync(folder);
  made.push(folder);
};

/**
 * Before an account is asked and a week replayed: whether what comes of it could be written.
 * @throws BadInput
 */
export const refuseUnwritable = (option: string, file: string): void => {
  if (stat(file)?.isDirectory()) throw unwritable(option, `a folder: ${file}`, 'a file', 'Name a file in it.');
  let folder = dirname(file);
  while (stat(folder) === undefined && dirname(folder) !== folder) folder = dirname(folder);
  if (!stat(folder)?.isDirectory())
    throw unwritable(
      option,
      `a file in the place of a folder: ${folder}`,
      'a folder',
      'Move it, or name another folder.',
    );
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unwritable(
      option,
      `a folder that cannot be written (${code}): ${folder}`,
      'a writable folder',
      'Name another.',
    );
  }
};

/** Undefined: there is nothing. */
const stat = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // ENOTDIR: a file is in the place of one of its folders, which is found further up.
    return undefined;
  }
};

const unwritable = (path: string, found: string, expected: string, mend: string): BadInput =>
  new BadInput([{ path, found, expected, mend }]);
