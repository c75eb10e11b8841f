import { count, counted, duration, percent, usd } from './format.ts';
import type { RunSummary } from './summary.ts';

/** What happened, in one or two sentences for someone who reads nothing else. */
export const headline = (summary: RunSummary): string =>
  [jobsSentence(summary), startedSentence(summary), costSentence(summary)]
    .filter((sentence) => sentence !== '')
    .join(' ');

const jobsSentence = ({ jobs, run }: RunSummary): string => {
  const cut = run.interrupted === null ? '' : `The run was stopped early (${run.interrupted}). `;
  if (jobs.submitted === 0) return `${cut}No job was sent.`;
  const rest = [
    jobs.failed > 0 ? `${count(jobs.failed)} failed` : '',
    jobs.expired > 0 ? `${count(jobs.expired)} expired` : '',
    jobs.cancelled > 0 ? `${count(jobs.cancelled)} cancelled` : '',
    jobs.queued + jobs.running > 0 ? `${count(jobs.queued + jobs.running)} not finished` : '',
    jobs.lost > 0 ? `${count(jobs.lost)} lost` : 'none lost',
  ].filter((part) => part !== '');
  const done =
    jobs.done === jobs.submitted
      ? `All ${counted(jobs.submitted, 'job')} done`
      : `${count(jobs.done)} of ${counted(jobs.submitted, 'job')} done`;
  return `${cut}${done}, ${rest.join(', ')}.`;
};

const startedSentence = ({ slo, services }: RunSummary): string => {
  if (slo === null || slo.attainedPercent === null) return '';
  const objectives = new Set(
    Object.values(services).flatMap((service) =>
      Object.values(service.queues).map((queue) => queue.startWithinSeconds),
    ),
  );
  const within =
    objectives.size === 1 ? `within ${duration(slo.startWithinSeconds)}` : 'within the objective of their queue';
  return `${percent(slo.attainedPercent)} started ${within}.`;
};

const costSentence = ({ tasks, usd: cost, staticUsd }: RunSummary): string => {
  const peak = `At most ${counted(tasks.peak, 'task')} ran at once`;
  if (staticUsd === 0) return `${peak}.`;
  const saved = 1 - cost / staticUsd;
  const against =
    saved >= 0.005
      ? `${percent(saved * 100)} less than`
      : saved <= -0.005
        ? `${percent(-saved * 100)} more than`
        : 'as much as';
  return `${peak}; on Fargate this run would cost ${usd(cost)}, ${against} a fleet that stands at the peak (${usd(staticUsd)}).`;
};
