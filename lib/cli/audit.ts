import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { type AuditReport, auditJobs, jobItems } from '../jobs/upkeep/audit.ts';
import { jobStates } from '../model/job-record.ts';
import { openRecords } from './jobs/open-records.ts';
import { queueLoads } from './jobs/queue-loads.ts';
import { print, printJson } from './operate/print.ts';
import { stageOptions } from './operate/source-options.ts';
import { configuredStage, openStage, stageLabel } from './operate/stage.ts';

export const define = (command: Command): void => {
  stageOptions(command)
    .description(
      'Proves from the job records and the queues that every accepted job is in exactly one of queued, running, done, ' +
        'failed, expired and cancelled. Exit code 1 when something contradicts that.',
    )
    .option('--json', 'one JSON document: { at, jobs, states, queues, contradictions, more, notes }')
    .action(audit);
};

interface Options {
  readonly stage?: string;
  readonly config?: string;
  readonly json?: true;
}

/** Looks at each queue, half a second apart. */
const looks = 3;

const audit = async (options: Options): Promise<void> => {
  const stage = await openStage(options.stage ?? (await configuredStage(options.config)));
  const records = await openRecords(stage);
  if (records === undefined) {
    const text = `No service of ${stageLabel(stage)} keeps job records: set "worker.jobs" in the config.`;
    if (options.json)
      printJson({ at: Date.now() / 1000, jobs: 0, states: {}, queues: {}, contradictions: [], more: 0, notes: [text] });
    else print([text]);
    return;
  }
  // Before the records: what a worker takes and ends meanwhile is then missing nowhere.
  const loads = await queueLoads(stage.clients.sqs, stage.bindings, looks, () => delay(500));
  const report = await auditJobs(jobItems(stage.clients.dynamo, records.table), loads, Date.now() / 1000);
  if (options.json) printJson(report);
  else print(linesOf(report, stageLabel(stage)));
  if (report.contradictions.length > 0) process.exitCode = 1;
};

const linesOf = (report: AuditReport, label: string): readonly string[] => {
  const counts = jobStates.map((state) => `${report.states[state]} ${state}`).join(', ');
  const queues = Object.entries(report.queues).map(([queue, { states, load }]) => {
    const held = load === undefined ? '' : `; ${load.messages} messages, ${load.deadLetters} dead letters`;
    return `  ${queue}: ${jobStates.map((state) => `${states[state]} ${state}`).join(', ')}${held}`;
  });
  const wrong = report.contradictions.map(
    ({ code, queue, tenant, jobId, text }) =>
      `  ${code}: ${queue}${jobId === undefined ? '' : ` job ${tenant ?? '-'}/${jobId}`}: ${text}`,
  );
  return [
    `${report.jobs} jobs of ${label}: ${counts}.`,
    ...queues,
    ...report.notes.map((note) => `  note: ${note}`),
    wrong.length === 0
      ? 'Every job is in exactly one state, and nothing contradicts it.'
      : `${wrong.length + report.more} contradictions:`,
    ...wrong,
    ...(report.more > 0 ? [`  … and ${report.more} more`] : []),
  ];
};
