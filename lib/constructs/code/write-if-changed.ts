import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whole or not at all, and untouched when nothing changed: several processes may build the same file at once. */
export const writeIfChanged = (file: string, contents: string | Uint8Array): void => {
  const wanted = Buffer.from(contents);
  if (wanted.equals(read(file))) return;
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, wanted);
  renameSync(draft, file);
};

const read = (file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.of(0);
  }
};
