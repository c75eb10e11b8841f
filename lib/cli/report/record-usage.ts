import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PriceBook } from '../../report/prices/price-book.ts';
import type { Usage } from '../../report/usage/usage.ts';
import { usageToFile } from '../../report/usage/usage-to-file.ts';

/** Writes what was read where it was asked for, and returns the files. */
export const recordUsage = (
  usage: Usage,
  book: PriceBook,
  { record, recordPrices }: { readonly record?: string; readonly recordPrices?: string },
): readonly string[] => [
  ...(record === undefined ? [] : [write(record, usageToFile(usage))]),
  ...(recordPrices === undefined ? [] : [write(recordPrices, book)]),
];

const write = (file: string, document: unknown): string => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(document)}\n`);
  return file;
};
