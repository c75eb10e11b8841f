import { type AppliedEntry, appliedParts } from '../../model/applied.ts';
import type { EpochSeconds } from '../../model/units.ts';
import type { LedgerEntry } from './ledger.ts';

/**
 * The ledger with what lies over configs: such advice is applied since then, whatever the usage shows, and no longer
 * applied when it was taken back.
 */
export const markApplied = (
  ledger: readonly LedgerEntry[],
  entries: Readonly<Record<string, AppliedEntry>>,
  now: EpochSeconds,
): readonly LedgerEntry[] => {
  const all = Object.values(entries);
  const marks = new Map(
    all.flatMap((entry) =>
      appliedParts.flatMap((part) => (entry[part] ? [[entry[part].advice, entry[part]] as const] : [])),
    ),
  );
  return ledger.map((entry) => {
    const mark = marks.get(entry.id);
    if (mark === undefined) {
      const isGone = entry.appliedBy !== undefined && (entry.state === 'applied' || entry.state === 'measured');
      return isGone ? { ...entry, state: 'undone', undoneAt: now } : entry;
    }
    if (entry.state !== 'open' && entry.state !== 'accepted') return entry;
    return { ...entry, state: 'applied', appliedAt: mark.at, appliedBy: mark.by };
  });
};
