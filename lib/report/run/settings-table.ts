import type { ServicePlan } from '../../model/plan.ts';
import { escapeXml } from '../charts/escape-xml.ts';
import { counted, duration } from './format.ts';
import type { RunRecord } from './run-record.ts';

/** The settings of a run and of its services, one per row. The same rows are printed when a run begins. */
export const settingsRows = (
  record: Pick<RunRecord, 'settings'>,
  plans: readonly ServicePlan[],
): readonly (readonly [string, string])[] => {
  const { settings } = record;
  return [
    [
      'jobs are sent for',
      settings.trace === undefined
        ? `${duration(settings.minutes * 60)}, a day squeezed together, seed ${settings.seed}`
        : `as long as ${settings.trace} lasts`,
    ],
    ['a task takes to start', `about ${duration(settings.startSeconds)}`],
    ...settings.killOneAt.map((at): [string, string] => ['chaos', `a busy worker is killed at ${duration(at)}`]),
    ...plans.map((plan): [string, string] => [plan.service, planSentence(plan)]),
  ];
};

const planSentence = (plan: ServicePlan): string =>
  [
    ...plan.queues.map(
      (queue) => `${queue.percent} % of ${queue.name} start within ${duration(queue.startWithinSeconds)}`,
    ),
    `${plan.tasks.min} to ${counted(plan.tasks.max, 'task')} of ${plan.worker.cpu} CPU units and ${plan.worker.memoryMiB} MiB`,
    `${counted(plan.worker.concurrency, 'job')} at a time in each`,
    `policy ${plan.policy.type}`,
    `a decision every ${duration(plan.tickSeconds)}`,
  ].join('; ');

export const renderSettingsTable = (record: RunRecord): string =>
  `<table class="settings"><tbody>${settingsRows(
    record,
    record.services.map((run) => run.plan),
  )
    .map(([name, value]) => `<tr><th scope="row">${escapeXml(name)}</th><td>${escapeXml(value)}</td></tr>`)
    .join('')}</tbody></table>`;
