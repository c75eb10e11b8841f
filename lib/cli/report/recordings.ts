import type { PriceBook } from '../../report/prices/price-book.ts';
import type { Usage } from '../../report/usage/usage.ts';
import { usageToFile } from '../../report/usage/usage-to-file.ts';
import type { OutputFile } from './output-files.ts';

export interface RecordOptions {
  readonly record?: string;
  readonly recordPrices?: string;
}

/** What was read, as the files that were asked for: `--usage` and `--prices` replay them. */
export const recordings = (
  usage: Usage,
  book: PriceBook,
  { record, recordPrices }: RecordOptions,
): readonly OutputFile[] => [
  ...(record === undefined ? [] : [{ file: record, text: `${JSON.stringify(usageToFile(usage))}\n` }]),
  ...(recordPrices === undefined ? [] : [{ file: recordPrices, text: `${JSON.stringify(book)}\n` }]),
];
