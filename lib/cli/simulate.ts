import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { renderSimulationPage } from '../report/simulation/page.ts';
import { compare } from './simulate/compare.ts';
import { comparisonTable } from './simulate/comparison-table.ts';
import { documentOf } from './simulate/document.ts';
import { openStage } from './simulate/open-stage.ts';
import { defaultPolicies, readOptions, type TextOptions } from './simulate/options.ts';
import { worldOptions } from './simulate/world-options.ts';

/** Text options, so that a bad number is answered in the words that all bad input is answered in. */
export const define = (command: Command): void => {
  command
    .requiredOption('--trace <file>', 'CSV: second,jobs[,mean_service_s], one row per bucket')
    .option('--service-seconds <s>', 'mean run time of a job (default: what the trace says)')
    .option('--scale <f>', 'multiplies the arrivals', '1')
    .option('--load <tasks>', 'instead of --scale: arrivals whose work keeps so many tasks busy on average')
    .option('--from <days>', 'leave out the first days of the trace', '0')
    .option('--days <days>', 'and take so many (default: all)')
    .option('--policies <list>', 'names, by commas; NAME:tuned is the best setting with hindsight', defaultPolicies)
    .option('--start <time>', 'when the trace begins, ISO 8601: schedules go by it', '2026-01-05T00:00:00Z')
    .option('--concurrency <n>', 'jobs that a task runs at a time', '1')
    .option('--initial <n>', 'tasks at the start', '1');
  worldOptions(command)
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
