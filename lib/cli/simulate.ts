import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { renderSimulationPage } from '../report/simulation/page.ts';
import { compare } from './simulate/compare.ts';
import { comparisonTable } from './simulate/comparison-table.ts';
import { documentOf } from './simulate/document.ts';
import { openStage } from './simulate/open-stage.ts';
import { defaultPolicies, readOptions, type TextOptions } from './simulate/options.ts';

/** Text options, so that a bad number is answered in the words that all bad input is answered in. */
export const define = (command: Command): void => {
  command
    .requiredOption('--trace <file>', 'CSV: second,jobs[,mean_service_s], one row per bucket')
    .option('--slo-seconds <s>', 'a job keeps the promise when it starts within so many seconds', '60')
    .option('--slo-percent <p>', 'the share of jobs that must', '99')
    .option('--service-seconds <s>', 'mean run time of a job (default: what the trace says)')
    .option('--service-cv <x>', 'standard deviation ÷ mean of the run time, lognormal', '1')
    .option('--concurrency <n>', 'jobs that a task runs at a time', '1')
    .option('--start-seconds <s>', 'median start delay of a task (default 35; 60 in the stress world)')
    .option('--start-p95 <s>', 'its 95th percentile (default 2.14 × the median; 120 in the stress world)')
    .option('--min <n>', 'fewest tasks', '0')
    .option('--max <n>', 'most tasks', '1000')
    .option('--initial <n>', 'tasks at the start', '1')
    .option('--scale <f>', 'multiplies the arrivals', '1')
    .option('--load <tasks>', 'instead of --scale: arrivals whose work keeps so many tasks busy on average')
    .option('--from <days>', 'leave out the first days of the trace', '0')
    .option('--days <days>', 'and take so many (default: all)')
    .option('--policies <list>', 'names, by commas; NAME:tuned is the best setting with hindsight', defaultPolicies)
    .option('--tick <s>', 'how often the policies decide that may choose', '10')
    .option('--seed <n>', 'equal seeds give equal runs', '1')
    .option('--world <name>', 'ideal, realistic or stress: how late and how wrong counters are', 'realistic')
    .option('--no-protect', 'busy tasks may be stopped: SIGTERM, then SIGKILL after the stop timeout')
    .option('--stop-timeout <s>', 'seconds between the two', '120')
    .option('--visibility <s>', 'a killed job comes back after so many seconds', '60')
    .option('--start <time>', 'when the trace begins, ISO 8601: schedules go by it', '2026-01-05T00:00:00Z')
    .option('--vcpu <n>', 'vCPU of a task, for the price', '1')
    .option('--gb <n>', 'GiB of a task, for the price', '2')
    .option('--arch <name>', 'x86 or arm64, for the price', 'x86')
    .option('--out <dir>', 'write the curves there, as a page: index.html')
    .option('--json', 'one JSON document: { policies: { NAME: … }, bound }')
    .addHelpText('after', '\nPolicies, settings and what is left out: docs/simulator.md')
    .action(simulate);
};

const simulate = async (text: TextOptions): Promise<void> => {
  const options = readOptions(text);
  const comparison = compare(await openStage(options));
  if (options.out !== undefined) {
    await mkdir(options.out, { recursive: true });
    await writeFile(join(options.out, 'index.html'), renderSimulationPage(comparison));
  }
  process.stdout.write(
    options.json ? `${JSON.stringify(documentOf(comparison), null, 2)}\n` : comparisonTable(comparison),
  );
  if (options.out !== undefined) process.stderr.write(`The curves: ${join(options.out, 'index.html')}\n`);
};
