import type { LedgerEntry } from './ledger.ts';

/**
 * Entries as a week's report leaves them, with what people decided while it was being made: it reads the ledger minutes
 * before it writes it, and a run that is tried again reads it a day before.
 */
export const keepDecisions = (
  entries: readonly LedgerEntry[],
  current: readonly LedgerEntry[],
): readonly LedgerEntry[] => {
  const decided = new Map(current.filter(isDecided).map((entry) => [entry.id, entry]));
  return entries.map((entry) => {
    const now = decided.get(entry.id);
    return now === undefined || !isOpen(entry) ? entry : withDecision(entry, now);
  });
};

/** The entry with the state of `of`, and when that was decided. */
const withDecision = (entry: LedgerEntry, { state, acceptedAt, dismissedAt }: LedgerEntry): LedgerEntry => {
  const { acceptedAt: _, dismissedAt: __, ...rest } = entry;
  return {
    ...rest,
    state,
    ...(acceptedAt === undefined ? {} : { acceptedAt }),
    ...(dismissedAt === undefined ? {} : { dismissedAt }),
  };
};

const isDecided = ({ state }: LedgerEntry): boolean => state === 'accepted' || state === 'dismissed';
const isOpen = (entry: LedgerEntry): boolean => entry.state === 'open' || isDecided(entry);
