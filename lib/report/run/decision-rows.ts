import type { DecisionRecord } from '../../model/decision.ts';

/** What the decisions table shows: each decision that mattered by itself, and the quiet ticks between them as one row. */
export type DecisionRow =
  | { readonly kind: 'action' | 'hold'; readonly record: DecisionRecord }
  | { readonly kind: 'quiet'; readonly count: number; readonly first: DecisionRecord; readonly last: DecisionRecord };

/**
 * Oldest first. A hold is shown when it begins or its reason changes; further ticks that hold for the same reason are
 * quiet, as are those that keep the count. A proposal in shadow mode changed nothing, yet is what shadow mode is for: shown.
 */
export const decisionRows = (records: readonly DecisionRecord[]): readonly DecisionRow[] => {
  const rows: DecisionRow[] = [];
  let holding: string | undefined;
  for (const record of records) {
    const { kind, summary } = record.decision;
    if (kind === 'scale') rows.push({ kind: 'action', record });
    else if (kind === 'hold' && summary !== holding) rows.push({ kind: 'hold', record });
    else addQuiet(rows, record);
    holding = kind === 'hold' ? summary : undefined;
  }
  return rows;
};

const addQuiet = (rows: DecisionRow[], record: DecisionRecord): void => {
  const previous = rows.at(-1);
  if (previous?.kind === 'quiet') rows[rows.length - 1] = { ...previous, count: previous.count + 1, last: record };
  else rows.push({ kind: 'quiet', count: 1, first: record, last: record });
};
