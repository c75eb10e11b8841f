import { escapeXml } from '../charts/escape-xml.ts';
import { renderCostTable } from './cost-table.ts';
import { renderDecisionTable } from './decision-table.ts';
import { count, counted, duration, percent, usd } from './format.ts';
import { headline } from './headline.ts';
import { pageStyles } from './page-styles.ts';
import type { RunRecord, ServiceRun } from './run-record.ts';
import { renderServiceCharts } from './service-charts.ts';
import { renderSettingsTable } from './settings-table.ts';
import type { RunSummary, ServiceSummary } from './summary.ts';

/** One run as one HTML page that needs nothing else: no script, no font, no image, no network. */
export const renderRunPage = (record: RunRecord, summary: RunSummary): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(`Sluice run: ${record.settings.title}`)}</title>
<style>
${pageStyles}
</style>
</head>
<body>
<header>
<h1>${escapeXml(`Sluice · ${record.settings.title} · ${summary.run.startedAt.slice(0, 16).replace('T', ' ')} UTC`)}</h1>
<p class="headline">${escapeXml(headline(summary)).replaceAll('USD ', 'USD&nbsp;')}</p>
${warnings(summary)
  .map((text) => `<p class="warning">${escapeXml(text)}</p>`)
  .join('\n')}
</header>
<main>
${record.services.map((run) => serviceSection(run, record, summary)).join('\n')}
<section>
<h2>Cost</h2>
${renderCostTable(record, summary)}
</section>
<section>
<h2>Settings of this run</h2>
${renderSettingsTable(record)}
</section>
</main>
<footer><p>${escapeXml(machineSentence(summary))}</p></footer>
</body>
</html>
`;

const warnings = ({ run }: RunSummary): readonly string[] => [
  ...run.problems,
  ...(run.cpuOver
    ? [
        `The workers took up to ${run.workerCores.peak.toFixed(1)} cores of this machine. Above 1.2 of two cores they wait for each other, so the waits below say more about the machine than about the scaling.`,
      ]
    : []),
];

const machineSentence = ({ run }: RunSummary): string =>
  `Times count from the start of the command. ${run.firstDecisionSeconds === null ? 'No decision was made.' : `The first decision came after ${duration(run.firstDecisionSeconds)}.`} The workers took ${run.workerCores.mean.toFixed(2)} cores of this machine on average, ${run.workerCores.peak.toFixed(2)} at their peak (ten seconds). Real jobs, real time, the synthesised template on the embedded local cloud.`;

const serviceSection = (run: ServiceRun, record: RunRecord, summary: RunSummary): string => {
  const service = summary.services[run.plan.service];
  return `<section>
<h2>${escapeXml(run.plan.service)}</h2>
<p class="lead">${escapeXml(promise(run))}</p>
${service === undefined ? '' : figures(service)}
<div class="charts">
${renderServiceCharts(run, record)}
</div>
<h3>Decisions</h3>
<p class="note">Open a row for what was seen and for each step of the reasoning.</p>
${renderDecisionTable(run.decisions, record.startedAt)}
</section>`;
};

const promise = (run: ServiceRun): string =>
  run.plan.queues.length === 0
    ? 'A service without a queue.'
    : `The promise: ${run.plan.queues.map((queue) => `${queue.percent} % of the jobs in ${queue.name} start within ${duration(queue.startWithinSeconds)}`).join(', ')}; with ${run.plan.tasks.min} to ${counted(run.plan.tasks.max, 'task')}.`;

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly tone?: 'good' | 'bad' | undefined;
}

const figures = (service: ServiceSummary): string =>
  `<dl class="figures">${[
    jobsFigure(service),
    sloFigure(service),
    {
      name: 'wait',
      value: `${waitText(service.waitSeconds.p50)} median`,
      note: `p95 ${waitText(service.waitSeconds.p95)}, longest ${waitText(service.waitSeconds.max)}`,
    },
    {
      name: 'tasks',
      value: `up to ${count(service.tasks.peak)}`,
      note: service.tasks.backAtMin
        ? `back at ${count(service.tasks.min)} at the end`
        : `not back at ${count(service.tasks.min)}`,
    },
    {
      name: 'changes',
      value: count(service.scaling.actions),
      note: `in ${counted(service.scaling.decisions, 'decision')}`,
    },
    { name: 'cost', value: usd(service.usd), note: `static fleet ${usd(service.staticUsd)}` },
  ]
    .map(renderFigure)
    .join('')}</dl>`;

const renderFigure = ({ name, value, note, tone }: Figure): string =>
  `<div><dt>${escapeXml(name)}</dt><dd${tone ? ` class="${tone}"` : ''}>${escapeXml(value)}<small>${escapeXml(note)}</small></dd></div>`;

const jobsFigure = ({ jobs }: ServiceSummary): Figure => ({
  name: 'jobs done',
  value: count(jobs.done),
  note: jobs.done === jobs.submitted ? 'all that were sent' : `of ${count(jobs.submitted)}; ${count(jobs.lost)} lost`,
});

const sloFigure = ({ slo }: ServiceSummary): Figure => {
  const name = 'started in time';
  if (slo === null) return { name, value: '–', note: 'no objective' };
  if (slo.attainedPercent === null) return { name, value: '–', note: `promised ${percent(slo.percent)}` };
  const kept = slo.attainedPercent >= slo.percent;
  return {
    name,
    value: percent(slo.attainedPercent),
    note: `promised ${percent(slo.percent)}, ${kept ? 'kept' : 'missed'}`,
    tone: kept ? 'good' : 'bad',
  };
};

const waitText = (seconds: number | null): string => (seconds === null ? '–' : duration(seconds));
