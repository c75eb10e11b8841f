import type { Score } from './run-case.ts';

/** Several cases in one line, as the judge adds them up. */
export interface Totals {
  readonly cases: number;
  /** Cases with at least 99 % in time. */
  readonly kept: number;
  /** Geometric mean. */
  readonly cost: number;
  readonly worstPercent: number;
  /** Mean. */
  readonly actionsPerDay: number;
  readonly killedJobs: number;
}

const keptFrom = 99;

export const totalsOf = (scores: readonly Score[]): Totals => ({
  cases: scores.length,
  kept: scores.filter(({ attainedPercent }) => attainedPercent >= keptFrom).length,
  cost: Math.exp(mean(scores.map(({ costOverWork }) => Math.log(costOverWork)))),
  worstPercent: Math.min(...scores.map(({ attainedPercent }) => attainedPercent)),
  actionsPerDay: mean(scores.map(({ actionsPerDay }) => actionsPerDay)),
  killedJobs: scores.reduce((sum, { killedJobs }) => sum + killedJobs, 0),
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
