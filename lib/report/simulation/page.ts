import type { Seconds } from '../../model/units.ts';
import { renderChart } from '../charts/chart.ts';
import { escapeXml } from '../charts/escape-xml.ts';
import { clockTicks, niceTicks, wholeTicks } from '../charts/scale.ts';
import { count, duration } from '../run/format.ts';
import { pageStyles } from '../run/page-styles.ts';
import type { ComparedPolicy, Comparison } from './comparison.ts';
import { renderCostAttainment } from './cost-attainment.ts';
import { attained, span, taskHours } from './format.ts';
import { comparisonHeadline } from './headline.ts';
import { renderPolicyTable } from './policy-table.ts';
import { simulationStyles } from './simulation-styles.ts';

/** One comparison as one HTML page that needs nothing else: no script, no font, no image, no network. */
export const renderSimulationPage = (comparison: Comparison): string => {
  const { trace, policies } = comparison;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(`Sluice simulation: ${trace.name}`)}</title>
<style>
${pageStyles}
${simulationStyles}
</style>
</head>
<body>
<header>
<h1>${escapeXml(`Sluice simulation · ${trace.name}`)}</h1>
<p class="headline">${escapeXml(comparisonHeadline(comparison)).replaceAll('USD ', 'USD&nbsp;')}</p>
<p class="lead">${escapeXml(lead(comparison))}</p>
</header>
<main>
<section>
<h2>Policies</h2>
${renderPolicyTable(comparison)}
<p class="note">${escapeXml(boundsInWords(comparison))}</p>
</section>
<section>
<h2>Cost against promise</h2>
${renderCostAttainment(comparison)}
</section>
<section>
<h2>What arrives</h2>
${renderArrivals(comparison)}
</section>
<section>
<h2>What each policy made of it</h2>
<p class="note">All tasks on one scale, all waits on another, so that the policies can be compared by eye.</p>
${policies.map((policy, i) => renderPolicy(comparison, policy, i)).join('\n')}
</section>
</main>
<footer><p>Simulated, not measured: docs/simulator.md says what the model leaves out.</p></footer>
</body>
</html>
`;
};

const lead = ({ trace, worker, world, seed }: Comparison): string =>
  `${count(trace.jobs)} jobs in ${span(trace.seconds)}, ${duration(worker.meanServiceSeconds)} each, ${worker.concurrency} at a time per task. Tasks start in ${duration(worker.startMedianSeconds)} (95 %: ${duration(worker.startP95Seconds)}). World: ${world}. Seed ${seed}. ${worker.price}.`;

const boundsInWords = ({ bound }: Comparison): string =>
  `The work alone takes ${taskHours(bound.workTaskHours)} task-hours. A fleet that knew every job and every start beforehand took ${taskHours(bound.clairvoyantTaskHours)}, with ${bound.clairvoyantAttainedPercent.toFixed(2)} % in time.`;

const renderArrivals = (comparison: Comparison): string => {
  const { curves } = comparison;
  const peak = Math.max(0, ...curves.jobsPerSecond);
  return renderChart({
    ...timeAxis(comparison),
    id: 'arrivals',
    title: 'Jobs per second',
    description: `At most ${peak.toPrecision(3)} a second, as a mean over ${duration(binWidth(comparison))}.`,
    yTicks: niceTicks(peak, 3),
    yFormat: (y) => `${y} / s`,
    series: [{ name: 'arrivals', kind: 'area', colour: 3, points: against(comparison, curves.jobsPerSecond) }],
  });
};

const renderPolicy = (comparison: Comparison, policy: ComparedPolicy, index: number): string => {
  const { curves, objective } = comparison;
  const taskTicks = wholeTicks(shownTasks(comparison), 3);
  const tasksCut = Math.max(...policy.curve.tasks) > (taskTicks.at(-1) ?? 1);
  const waitTicks = clockTicks(4 * objective.startWithinSeconds, 4);
  const shownWait = waitTicks.at(-1) ?? objective.startWithinSeconds;
  const waits = policy.curve.waitP95Seconds.map((wait) => (Number.isNaN(wait) ? 0 : wait));
  const beyond = waits.some((wait) => wait > shownWait);
  return `<h3>${escapeXml(policy.name)} <span class="${policy.kept ? 'good' : 'bad'}">${escapeXml(`${attained(policy.attainedPercent)} in time, ${policy.costOverWork.toFixed(2)} × the work`)}</span></h3>
<div class="charts">
${renderChart({
  ...timeAxis(comparison),
  id: `tasks-${index}`,
  title: tasksCut ? `Tasks (cut at ${count(taskTicks.at(-1) ?? 1)})` : 'Tasks',
  description: `${policy.name} ran at most ${Math.max(0, ...policy.curve.tasks).toFixed(1)} tasks as a mean over ${duration(binWidth(comparison))}.`,
  yTicks: taskTicks,
  yFormat: count,
  height: 110,
  series: [
    { name: 'running', kind: 'area', colour: 1, points: against(comparison, policy.curve.tasks) },
    { name: 'work that arrives', kind: 'line', colour: 4, points: against(comparison, curves.workTasks) },
  ],
})}
${renderChart({
  ...timeAxis(comparison),
  id: `waits-${index}`,
  title: beyond ? `Wait, 95th percentile (cut at ${duration(shownWait)})` : 'Wait, 95th percentile',
  description: `Half of the jobs waited at most ${duration(policy.waitSeconds.p50)}, 99 % at most ${duration(policy.waitSeconds.p99)}, the longest ${duration(policy.waitSeconds.max)}.`,
  yTicks: waitTicks,
  yFormat: duration,
  height: 110,
  level: { y: objective.startWithinSeconds, label: `promise ${duration(objective.startWithinSeconds)}` },
  series: [{ name: 'p95 by time of arrival', kind: 'steps', colour: 2, points: against(comparison, waits) }],
})}
</div>`;
};

/**
 * Twice what the steadiest of those that keep the promise needs at most: who runs away, kept or not, must not make all
 * others look flat.
 */
const shownTasks = ({ policies, curves }: Comparison): number => {
  const kept = policies.filter((policy) => policy.kept);
  const peaks = (kept.length > 0 ? kept : policies).map(({ curve }) => Math.max(...curve.tasks));
  return Math.max(1, ...curves.workTasks, Math.min(Math.max(...peaks), 2 * Math.min(...peaks)));
};

const timeAxis = ({ trace }: Comparison) => {
  const inDays = trace.seconds >= 2 * 86_400;
  return {
    xMax: trace.seconds,
    xTicks: inDays ? dayTicks(trace.seconds) : clockTicks(trace.seconds, 5),
    xFormat: (t: Seconds) => (inDays ? `day ${Math.round(t / 86_400) + 1}` : hourClock(t)),
  };
};

/** At most seven beginnings of days. */
const dayTicks = (seconds: Seconds): readonly Seconds[] => {
  const step = 86_400 * Math.ceil(seconds / 86_400 / 7);
  return Array.from({ length: Math.ceil(seconds / step) }, (_, i) => i * step);
};

const hourClock = (t: Seconds): string => `${Math.floor(t / 3600)}:${String(Math.floor(t / 60) % 60).padStart(2, '0')}`;

const against = ({ curves, trace }: Comparison, values: readonly number[]): readonly (readonly [number, number])[] => [
  ...curves.at.map((at, i) => [at, values[i] ?? 0] as const),
  [trace.seconds, values.at(-1) ?? 0],
];

const binWidth = ({ curves, trace }: Comparison): Seconds => (curves.at[1] ?? trace.seconds) - (curves.at[0] ?? 0);
