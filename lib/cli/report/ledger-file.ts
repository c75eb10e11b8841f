import { existsSync, readFileSync } from 'node:fs';
import { BadInput } from '../../model/bad-input.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { decideAdvice } from '../../report/ledger/decide-advice.ts';
import { type LedgerEntry, readLedger } from '../../report/ledger/ledger.ts';

export interface LedgerOptions {
  readonly ledger?: string;
  readonly accept: readonly string[];
  readonly dismiss: readonly string[];
}

export const listOf = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** The ledger with what the options decide about it. Undefined: none is kept. @throws BadInput */
export const openLedger = (
  { ledger, accept, dismiss }: LedgerOptions,
  now: EpochSeconds,
): readonly LedgerEntry[] | undefined => {
  if (ledger === undefined) {
    if (accept.length + dismiss.length === 0) return undefined;
    throw bad(
      accept.length > 0 ? '--accept' : '--dismiss',
      'a usage file and no --ledger',
      'where the advice is kept',
      'Add --ledger FILE; or leave --usage out and name --stage, to decide on the report of a stage.',
    );
  }
  return decideAdvice(existsSync(ledger) ? entriesIn(ledger) : [], { accept, dismiss }, now);
};

export const ledgerText = (entries: readonly LedgerEntry[]): string =>
  `${JSON.stringify({ version: 1, entries }, null, 2)}\n`;

/** @throws BadInput */
export const entriesIn = (file: string): readonly LedgerEntry[] => {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw bad(
      file,
      (error as Error).message,
      'a ledger that `sluice report --ledger` wrote',
      'Name that file, or a new one.',
    );
  }
  return readLedger(found, file);
};

const bad = (path: string, found: string, expected: string, mend: string): BadInput =>
  new BadInput([{ path, found, expected, mend }]);
