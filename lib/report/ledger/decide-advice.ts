import { nearest } from '../../config/nearest.ts';
import { BadInput, type InputIssue } from '../../model/bad-input.ts';
import type { EpochSeconds } from '../../model/units.ts';
import type { LedgerEntry } from './ledger.ts';

/** Ids of advice. */
export interface AdviceChoice {
  readonly accept: readonly string[];
  readonly dismiss: readonly string[];
}

/**
 * What a person has decided about advice that is open, or about which they have changed their mind: accepted again stays
 * accepted, and what was dismissed may be accepted after all. @throws BadInput for any other id
 */
export const decideAdvice = (
  entries: readonly LedgerEntry[],
  choice: AdviceChoice,
  at: EpochSeconds,
): readonly LedgerEntry[] => {
  const issues = [...issuesOf('--accept', choice.accept, entries), ...issuesOf('--dismiss', choice.dismiss, entries)];
  const both = choice.accept.filter((id) => choice.dismiss.includes(id));
  for (const id of both)
    issues.push(bad('--accept', `"${id}", which --dismiss names too`, 'one of the two', 'Leave one out.'));
  if (issues.length > 0) throw new BadInput(issues);
  return entries.map((entry) => {
    if (!isDecidable(entry)) return entry;
    if (choice.dismiss.includes(entry.id) && entry.state !== 'dismissed')
      return { ...entry, state: 'dismissed', dismissedAt: at };
    if (!choice.accept.includes(entry.id) || entry.state === 'accepted') return entry;
    const { dismissedAt: _, ...rest } = entry;
    return { ...rest, state: 'accepted', acceptedAt: at };
  });
};

const isDecidable = ({ state }: LedgerEntry): boolean =>
  state === 'open' || state === 'accepted' || state === 'dismissed';

const issuesOf = (option: string, ids: readonly string[], entries: readonly LedgerEntry[]): InputIssue[] =>
  ids.flatMap((id) => {
    const entry = entries.find((one) => one.id === id);
    if (entry !== undefined && isDecidable(entry)) return [];
    if (entry !== undefined) {
      return [
        bad(option, `"${id}", which is ${entry.state}`, 'advice that is open', 'There is nothing left to decide.'),
      ];
    }
    const open = entries.filter((one) => one.state === 'open' || one.state === 'accepted').map((one) => one.id);
    if (open.length === 0) {
      return [bad(option, `"${id}"`, 'an id of open advice, of which there is none', 'Wait for the next report.')];
    }
    const near = nearest(id, open);
    return [
      bad(
        option,
        `"${id}"`,
        `one of ${open.join(', ')}`,
        near === undefined ? 'Take the id from the report.' : `Did you mean "${near}"?`,
      ),
    ];
  });

const bad = (path: string, found: string, expected: string, mend: string): InputIssue => ({
  path,
  found,
  expected,
  mend,
});
