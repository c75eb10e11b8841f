import type { ServicePlan } from '../../model/plan.ts';
import { escapeXml } from '../charts/escape-xml.ts';
import { counted, duration } from './format.ts';
import type { RunRecord, RunSettings } from './run-record.ts';

/** The settings of a run, without those of its services. The same rows are printed when it begins. */
export const runRows = (settings: RunSettings): readonly (readonly [name: string, value: string])[] => [
  [
    'jobs',
    `${settings.trace === undefined ? 'a day' : settings.trace} squeezed into ${duration(settings.minutes * 60)}, seed ${settings.seed}`,
  ],
  ['start of a task', `${duration(settings.startSeconds)} (median; 95 % within ${duration(settings.startP95Seconds)})`],
  ...settings.killOneAt.map((at): [string, string] => ['chaos', `a busy worker is killed at ${duration(at)}`]),
];

/** What is promised for a service and with what. */
export const planSentence = (plan: ServicePlan): string =>
  [
    ...plan.queues.map(
      (queue) => `${queue.percent} % of ${queue.name} start within ${duration(queue.startWithinSeconds)}`,
    ),
    `${plan.tasks.min} to ${counted(plan.tasks.max, 'task')} of ${plan.worker.cpu} CPU units and ${plan.worker.memoryMiB} MiB`,
    `${counted(plan.worker.concurrency, 'job')} at a time in each`,
    `policy ${plan.policy.type}`,
    `a decision every ${duration(plan.tickSeconds)}`,
  ].join('; ');

export const renderSettingsTable = (record: RunRecord): string => {
  const rows = [
    ...runRows(record.settings),
    ...record.services.map(({ plan }) => [plan.service, planSentence(plan)] as const),
  ];
  return `<table class="settings"><tbody>${rows
    .map(([name, value]) => `<tr><th scope="row">${escapeXml(name)}</th><td>${escapeXml(value)}</td></tr>`)
    .join('')}</tbody></table>`;
};
