import { BadInput } from '../../model/bad-input.ts';
import type { EpochSeconds } from '../../model/units.ts';
import type { LedgerEntry } from './ledger.ts';

/** What a person has decided about open advice. @throws BadInput for an id that is not open. */
export const decideAdvice = (
  entries: readonly LedgerEntry[],
  { accept, dismiss }: { readonly accept: readonly string[]; readonly dismiss: readonly string[] },
  at: EpochSeconds,
): readonly LedgerEntry[] => {
  const open = new Set(entries.flatMap(({ id, state }) => (state === 'open' || state === 'accepted' ? [id] : [])));
  const unknown = [...accept, ...dismiss].filter((id) => !open.has(id));
  if (unknown.length > 0) {
    throw new BadInput(
      unknown.map((id) => ({
        path: accept.includes(id) ? '--accept' : '--dismiss',
        found: `"${id}"`,
        expected: open.size === 0 ? 'an id of open advice, of which there is none' : `one of ${[...open].join(', ')}`,
        mend: 'Take the id from the report.',
      })),
    );
  }
  return entries.map((entry) => {
    if (!open.has(entry.id)) return entry;
    if (dismiss.includes(entry.id)) return { ...entry, state: 'dismissed', dismissedAt: at };
    return accept.includes(entry.id) ? { ...entry, state: 'accepted', acceptedAt: at } : entry;
  });
};
