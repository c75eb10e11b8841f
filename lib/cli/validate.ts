import type { Command } from 'commander';
import { type ConfigWarning, formatWarning } from '../config/config-warnings.ts';
import { defaultConfigFile, loadConfig } from '../config/load.ts';
import { BadInput } from '../model/bad-input.ts';
import type { ServicePlan } from '../model/plan.ts';
import type { Policy } from '../model/policy.ts';

export const define = (command: Command): void => {
  command
    .option('--config <file>', 'the config, .ts or .json', defaultConfigFile)
    .option('--json', 'one JSON document: { ok, services, warnings } or { ok, issues }')
    .action(validate);
};

const validate = async ({ config: file, json }: { readonly config: string; readonly json?: true }): Promise<void> => {
  try {
    const { plans, warnings } = await loadConfig(file);
    for (const warning of warnings) process.stderr.write(`${formatWarning(warning)}\n`);
    process.stdout.write(
      json ? document({ ok: true, services: plans.map(summary), warnings }) : prose(file, plans, warnings),
    );
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    process.stderr.write(`${error.message}\n`);
    if (json) process.stdout.write(document({ ok: false, issues: error.issues }));
    process.exitCode = 2;
  }
};

const document = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What was understood of one service, without what nobody asks: the holidays of two decades. */
const summary = ({ calendar, ...plan }: ServicePlan) => ({ name: plan.service, timeZone: calendar.timeZone, ...plan });

const prose = (file: string, plans: readonly ServicePlan[], warnings: readonly ConfigWarning[]): string => {
  const services = plans.length === 1 ? '1 service' : `${plans.length} services`;
  const warned = warnings.length === 0 ? '' : `, ${warnings.length} warning${warnings.length === 1 ? '' : 's'}`;
  return [`${file} is valid: ${services}${warned}`, ...plans.map(paragraph), ''].join('\n');
};

const paragraph = (plan: ServicePlan): string =>
  [
    `\n${plan.service}${plan.mode === 'shadow' ? ' (shadow: decides, never acts)' : ''}`,
    ...(plan.queues.length === 0 ? ['  queue     none'] : plan.queues.map(queueLine)),
    `  tasks     ${plan.tasks.min} to ${plan.tasks.max} of ${size(plan.worker)}, ${plan.worker.concurrency} job${plan.worker.concurrency === 1 ? '' : 's'} at once each`,
    `  policy    ${policyWords(plan.policy)}`,
    ...plan.schedule.map(
      (window, i) =>
        `  ${i === 0 ? 'schedule ' : '         '} ${window.name}${window.size ? `, ${size(window.size)}` : ''}`,
    ),
    ...(plan.schedule.length > 0
      ? [`            (${plan.calendar.timeZone}; "sluice schedule" lists what comes)`]
      : []),
  ].join('\n');

const queueLine = ({ name, percent, startWithinSeconds, fifo }: ServicePlan['queues'][number]): string =>
  `  queue     ${name}${fifo ? ' (FIFO)' : ''}: ${percent} % of jobs start within ${startWithinSeconds} s`;

const size = ({ cpu, memoryMiB }: { readonly cpu: number; readonly memoryMiB: number }): string =>
  `${cpu / 1024} vCPU / ${memoryMiB / 1024} GiB`;

const policyWords = (policy: Policy): string =>
  'of' in policy ? `${policy.type} of (${policy.of.map(policyWords).join(', ')})` : policy.type;
