import { duration, usd } from '../../report/run/format.ts';
import type { Comparison } from '../../report/simulation/comparison.ts';
import { attained, span, taskHours } from '../../report/simulation/format.ts';
import { comparisonTable } from '../simulate/comparison-table.ts';
import type { BacktestDocument } from './run-backtest.ts';

/** For people: what was read, the table, what is recommended, and how far to trust it. */
export const backtestText = (comparison: Comparison, document: BacktestDocument): string =>
  [
    ...readLines(document),
    '',
    comparisonTable(comparison).trimEnd(),
    ...reachLines(document),
    '',
    'Recommendation',
    ...document.recommendation.because.map((line) => `  ${line}`),
    `  ${settingLine(document)}`,
    ...rangeLines(document),
    '',
    `How far to trust this: ${document.trust.grade}`,
    ...document.trust.reasons.map(({ grade, text }) => `  ${grade.padEnd(5)} ${text}`),
    '',
  ].join('\n');

const readLines = ({ history, estimates, today }: BacktestDocument): readonly string[] => {
  const { serviceSeconds, concurrency, startSeconds } = estimates;
  const range =
    serviceSeconds.from === 'in flight ÷ deleted'
      ? ` (${duration(serviceSeconds.low)} to ${duration(serviceSeconds.high)}, from messages in flight ÷ deleted)`
      : ` (${serviceSeconds.from === 'trace' ? 'as the trace says' : 'given'})`;
  return [
    `${history.label}${history.from === undefined ? '' : `, from ${history.from.slice(0, 16)}Z`}: ${span(history.seconds)}, jobs ${history.arrivals}.`,
    `Run time ${duration(serviceSeconds.value)}${range}; ${concurrency.value} at a time per task (${concurrency.from}); a start takes ${duration(startSeconds.median)} (${startSeconds.from}).`,
    ...(history.silentSeconds > 0 ? [`The queue was idle and silent for ${span(history.silentSeconds)}.`] : []),
    ...(today === undefined
      ? ['What you have today is not known: no task counts were recorded.']
      : [
          `Today: ${taskHours(today.taskHours)} task-hours recorded (${history.tasksFrom}${today.knownShare < 0.995 ? `, for ${(100 * today.knownShare).toFixed(0)} % of the time` : ''}).`,
        ]),
  ];
};

const reachLines = ({ reach }: BacktestDocument): readonly string[] =>
  reach.length === 0
    ? []
    : [
        '',
        'The same policy under other promises:',
        ...reach.map(
          (one) =>
            `  within ${duration(one.startWithinSeconds).padEnd(7)} ${taskHours(one.taskHours).padStart(7)} task-hours  ${usd(one.usd).padStart(12)}  ${attained(one.attainedPercent).padStart(8)}${one.kept ? '' : '  not kept'}`,
        ),
      ];

const settingLine = ({ recommendation: { policy, slo, tasks, usdPerMonth } }: BacktestDocument): string =>
  policy === 'static'
    ? `Setting: tasks ${tasks.min}, always; about ${usd(usdPerMonth)} a month.`
    : `Setting: slo ${slo.percent} % within ${duration(slo.startWithinSeconds)}, tasks ${tasks.min} to ${tasks.max}; about ${usd(usdPerMonth)} a month.`;

const rangeLines = ({ runTimeRange }: BacktestDocument): readonly string[] =>
  (runTimeRange ?? []).map(
    (end) =>
      `  With a run time of ${duration(end.serviceSeconds)}: ${taskHours(end.taskHours)} task-hours, ${usd(end.usd)}, ${attained(end.attainedPercent)} in time.`,
  );
