import { regimeName, type StudyCase } from './cases.ts';
import { runCases } from './pool.ts';
import { perfectKnowledge, type Score } from './run-case.ts';
import { textTable } from './text-table.ts';
import { totalsOf } from './totals.ts';

export interface FrontierRow extends Score {
  readonly trace: string;
  readonly regime: string;
}

/** All that may choose, as documented; and the rivals that a tuner with hindsight can help. */
const policies = [
  perfectKnowledge,
  'slo',
  'keda:tuned',
  'cdkQueueProcessing:tuned',
  'targetTracking:tuned',
  'static',
  'keda',
  'threshold',
  'cdkQueueProcessing',
  'copilot',
  'predictive',
  'targetTracking',
];

export const frontier = async (cases: readonly StudyCase[], threads: number): Promise<readonly FrontierRow[]> => {
  const scores = await runCases(cases, policies, threads);
  return cases.flatMap(({ trace, regime }, i) =>
    (scores[i] ?? []).map((score) => ({ trace: trace.name, regime: regimeName(regime), ...score })),
  );
};

/** A block a regime: policies down, traces across. Then each policy over everything. */
export const frontierText = (rows: readonly FrontierRow[]): string => {
  const blocks = [...Map.groupBy(rows, ({ regime }) => regime)].map(([regime, part]) => block(regime, part));
  return [...blocks, summary(rows)].join('\n\n');
};

const block = (regime: string, rows: readonly FrontierRow[]): string => {
  const traces = [...new Set(rows.map(({ trace }) => trace))];
  const lines = [...Map.groupBy(rows, ({ policy }) => policy)].map(([policy, part]) => [
    policy,
    ...traces.map((trace) => cell(part.find((row) => row.trace === trace))),
  ]);
  const [load, service, within] = regime.split('/');
  return `${load} tasks of work, jobs of ${service} s, 99 % within ${within} s: cost ÷ work, in time, actions a day\n${textTable(
    ['policy', ...traces],
    lines,
  )}`;
};

const cell = (score: Score | undefined): string =>
  score === undefined
    ? ''
    : `${score.costOverWork.toFixed(2)} ${percent(score.attainedPercent)}${score.attainedPercent >= 99 ? ' ' : '!'} ${Math.round(score.actionsPerDay)}`;

const summary = (rows: readonly FrontierRow[]): string => {
  const byCase = Map.groupBy(rows, ({ trace, regime }) => `${trace} ${regime}`);
  const lines = [...Map.groupBy(rows, ({ policy }) => policy)].map(([policy, part]) => {
    const totals = totalsOf(part);
    const ratios = part.flatMap((row) => {
      const own = byCase.get(`${row.trace} ${row.regime}`)?.find((other) => other.policy === 'slo');
      return own && own.attainedPercent >= 99 && row.attainedPercent >= 99 ? [own.costOverWork / row.costOverWork] : [];
    });
    const against =
      ratios.length === 0
        ? '–'
        : `${(Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length) * 100 - 100).toFixed(1)} % (${ratios.length})`;
    return [
      policy,
      `${totals.kept} of ${totals.cases}`,
      totals.cost.toFixed(3),
      percent(totals.worstPercent),
      totals.actionsPerDay.toFixed(0),
      String(totals.killedJobs),
      against,
    ];
  });
  return `All cases: kept = at least 99 % in time; cost = geometric mean; the last column is what slo costs more or less, where both keep\n${textTable(
    ['policy', 'kept', 'cost ÷ work', 'worst', 'actions/day', 'killed', 'slo against it'],
    lines,
  )}`;
};

/** Rounded down: 98.996 % is not 99 %. */
const percent = (value: number): string => (Math.floor(value * 100) / 100).toFixed(2);
