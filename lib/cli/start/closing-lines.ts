import { join } from 'node:path';
import { percent } from '../../report/run/format.ts';
import { headline } from '../../report/run/headline.ts';
import type { RunSummary, ServiceSummary } from '../../report/run/summary.ts';
import { decisionsFile, weeklyFolder } from './write-outputs.ts';

/** The end of a run, for people. */
export const closingLines = (summary: RunSummary, outDirectory: string): readonly string[] => [
  '',
  headline(summary),
  ...Object.entries(summary.services).map(([name, service]) => `  ${name}: ${serviceSentence(service)}`),
  `  The workers took ${summary.run.workerCores.mean.toFixed(2)} cores on average, ${summary.run.workerCores.peak.toFixed(2)} at their peak.`,
  ...(summary.run.cpuOver
    ? ['  That is over 60 % of two cores: the waits say more about this machine than about the scaling.']
    : []),
  ...(summary.tour ?? []).map(({ name, ok, text }) => `  Job API, ${name}: ${ok ? '' : 'NOT AS IT MUST BE: '}${text}`),
  ...summary.run.problems.map((problem) => `  Problem: ${problem}`),
  `Figures: ${join(outDirectory, 'summary.json')}   Report: ${join(outDirectory, 'report', 'index.html')}   As a weekly report: ${join(outDirectory, weeklyFolder, 'report.html')}`,
  ...Object.keys(summary.services)
    .slice(0, 1)
    .map(
      (name) =>
        `Why it did what it did: npm run -s sluice -- why ${name}${outDirectory === 'out' ? '' : ` --log ${join(outDirectory, decisionsFile)}`}`,
    ),
];

const serviceSentence = ({ slo, waitSeconds, tasks, scaling }: ServiceSummary): string =>
  [
    slo?.attainedPercent == null
      ? 'no job started'
      : `${percent(slo.attainedPercent)} started within ${slo.startWithinSeconds} s (promised ${slo.percent} %)`,
    `waits p50 ${waitSeconds.p50 ?? '–'} s, p95 ${waitSeconds.p95 ?? '–'} s, longest ${waitSeconds.max ?? '–'} s`,
    `peak ${tasks.peak} tasks, minimum ${tasks.min}`,
    `${scaling.actions} changes in ${scaling.decisions} decisions`,
  ].join('; ');
