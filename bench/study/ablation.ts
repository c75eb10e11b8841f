import type { StudyCase } from './cases.ts';
import { ideas } from './ideas.ts';
import { runCases } from './pool.ts';
import type { Score } from './run-case.ts';
import { textTable } from './text-table.ts';
import { type Totals, totalsOf } from './totals.ts';

/** The policy without one idea, over all cases. */
export interface AblationRow extends Totals {
  readonly idea: string;
  readonly without: string;
  /** Cost against the whole policy, percent. */
  readonly dearerPercent: number;
  /** Late jobs of all cases together, against the whole policy: 2 is twice as many. */
  readonly lateFactor: number;
}

/** The whole policy first, then without each idea in turn. `report` is called as each one is done. */
export const ablation = async (
  cases: readonly StudyCase[],
  threads: number,
  report: (idea: string) => void,
): Promise<readonly AblationRow[]> => {
  const whole = (await runCases(cases, ['slo'], threads)).flat();
  const rows = [rowOf('(the whole policy)', 'nothing is taken out', whole, whole)];
  for (const { name, without, edits } of ideas) {
    report(name);
    rows.push(rowOf(name, without, (await runCases(cases, ['slo'], threads, edits)).flat(), whole));
  }
  return rows;
};

const rowOf = (idea: string, without: string, scores: readonly Score[], whole: readonly Score[]): AblationRow => {
  const totals = totalsOf(scores);
  return {
    idea,
    without,
    ...totals,
    dearerPercent: 100 * (totals.cost / totalsOf(whole).cost - 1),
    lateFactor: lateShare(scores) / lateShare(whole),
  };
};

/** Mean over the cases, so that none counts more for having more jobs. */
const lateShare = (scores: readonly Score[]): number =>
  scores.reduce((sum, { attainedPercent }) => sum + 100 - attainedPercent, 0) / scores.length;

export const ablationText = (rows: readonly AblationRow[]): string => {
  const textWidth = Math.max(...rows.map(({ without }) => without.length));
  const lines = rows.map((row) => [
    row.idea,
    `${row.kept} of ${row.cases}`,
    row.cost.toFixed(3),
    `${row.dearerPercent >= 0 ? '+' : ''}${row.dearerPercent.toFixed(1)} %`,
    `× ${row.lateFactor.toFixed(2)}`,
    (Math.floor(row.worstPercent * 100) / 100).toFixed(2),
    row.actionsPerDay.toFixed(0),
    row.without.padEnd(textWidth),
  ]);
  return textTable(
    [
      'slo without …',
      'kept',
      'cost ÷ work',
      'cost',
      'late',
      'worst',
      'actions/day',
      'what it does then'.padEnd(textWidth),
    ],
    lines,
  );
};
