import { count, duration, usd } from '../../report/run/format.ts';
import type { ComparedPolicy, Comparison } from '../../report/simulation/comparison.ts';
import { attained, span, taskHours } from '../../report/simulation/format.ts';

/** For people: who keeps the promise for least comes first. */
export const comparisonTable = (comparison: Comparison): string => {
  const { bound, policies } = comparison;
  const kept = policies.filter((policy) => policy.kept);
  const missed = policies.filter((policy) => !policy.kept);
  const rows = [header, ...policies.map(cellsOf)];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i === 0 || i === row.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const { percent, startWithinSeconds } = comparison.objective;
  return [
    intro(comparison),
    '',
    line(header),
    ...(kept.length === 0
      ? [`None keeps ${percent} % within ${duration(startWithinSeconds)}.`]
      : kept.map((policy) => line(cellsOf(policy)))),
    ...(missed.length === 0
      ? []
      : [
          '',
          `These do not keep ${percent} % within ${duration(startWithinSeconds)}:`,
          ...missed.map((policy) => line(cellsOf(policy))),
        ]),
    '',
    `The work alone: ${taskHours(bound.workTaskHours)} task-hours. With perfect knowledge: ${taskHours(bound.clairvoyantTaskHours)} (${bound.clairvoyantAttainedPercent.toFixed(2)} % in time).`,
    '',
  ].join('\n');
};

const header = [
  'policy',
  'task-hours',
  'cost',
  '÷ work',
  'in time',
  'p50',
  'p95',
  'p99',
  'max',
  'actions/day',
  'killed',
  'setting',
];

const cellsOf = (policy: ComparedPolicy): readonly string[] => [
  policy.name,
  taskHours(policy.taskHours),
  usd(policy.usd),
  policy.costOverWork.toFixed(3),
  attained(policy.attainedPercent),
  duration(policy.waitSeconds.p50),
  duration(policy.waitSeconds.p95),
  duration(policy.waitSeconds.p99),
  duration(policy.waitSeconds.max),
  count(policy.scaleActionsPerDay),
  count(policy.killedJobs),
  policy.settingsTried > 1 ? `${policy.setting} (best of ${policy.settingsTried})` : policy.setting,
];

const intro = ({ trace, objective, worker, world, seed }: Comparison): string =>
  `${trace.name}: ${count(trace.jobs)} jobs in ${span(trace.seconds)}, ${duration(worker.meanServiceSeconds)} each, ${worker.concurrency} at a time per task.
Promise: ${objective.percent} % start within ${duration(objective.startWithinSeconds)}. Tasks start in ${duration(worker.startMedianSeconds)} (95 %: ${duration(worker.startP95Seconds)}). World: ${world}, seed ${seed}.
${worker.price}.`;
