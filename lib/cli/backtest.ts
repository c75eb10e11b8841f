import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { renderSimulationPage } from '../report/simulation/page.ts';
import { historyText } from '../simulate/history/history-file.ts';
import { backtestText } from './backtest/backtest-text.ts';
import { openPast } from './backtest/open-past.ts';
import { defaultBacktestPolicies, readBacktestOptions } from './backtest/options.ts';
import { runBacktest } from './backtest/run-backtest.ts';
import { refuseToOverwrite, writeConfig } from './backtest/write-config.ts';
import type { TextOptions } from './simulate/options.ts';
import { worldOptions } from './simulate/world-options.ts';

export const define = (command: Command): void => {
  command
    .description(
      'What each policy would have cost and kept on your own past, and which settings that speaks for. Name one source.',
    )
    .option('--queue <name>', 'source: the metrics that CloudWatch has of this SQS queue')
    .option('--cluster <name>', 'with --queue: the ECS cluster of its workers')
    .option('--ecs-service <name>', 'and their service: what you have today')
    .option('--history <file>', 'source: CSV of recorded metrics, as --save writes it (docs/backtest.md)')
    .option('--trace <file>', 'source: CSV, second,jobs[,mean_service_s]')
    .option('--days <days>', 'so many days back (default: 14 from CloudWatch, all of a file)')
    .option('--service-seconds <s>', 'mean run time of a job (default: worked out from the history)')
    .option(
      '--concurrency <n>',
      'jobs that a task runs at a time (default: worked out where the fleet was full, else 1)',
    )
    .option(
      '--policies <list>',
      'names, by commas; NAME:tuned is the best setting with hindsight',
      defaultBacktestPolicies,
    )
    .option('--quick', 'leave out other promises and the range of the run time');
  worldOptions(command)
    .option(
      '--name <service>',
      'name of the service in the config that is written (default: the queue’s, or "service")',
    )
    .option('--image <image>', 'container image for that config')
    .option('--write <file>', 'write the recommended config there: .json or .ts')
    .option('--force', 'even when there is such a file')
    .option('--save <file>', 'keep what CloudWatch answered, for --history')
    .option('--out <dir>', 'write the curves there, as a page: index.html')
    .option(
      '--json',
      'one JSON document: { history, estimates, policies, bound, reach, recommendation, trust, config }',
    )
    .addHelpText('after', '\nWhat is worked out, and how far to trust it: docs/backtest.md')
    .action(backtest);
};

const backtest = async (text: TextOptions): Promise<void> => {
  const options = readBacktestOptions(text);
  for (const file of [options.write, options.save])
    if (file !== undefined && !options.force) await refuseToOverwrite(file);
  const past = await openPast(options);
  if (options.save !== undefined && past.history !== undefined)
    await writeFile(options.save, historyText(past.history));
  const { comparison, document } = await runBacktest(options, past);
  if (options.write !== undefined) await writeConfig(options.write, document);
  if (options.out !== undefined) {
    await mkdir(options.out, { recursive: true });
    await writeFile(join(options.out, 'index.html'), renderSimulationPage(comparison));
  }
  process.stdout.write(options.json ? `${JSON.stringify(document, null, 2)}\n` : backtestText(comparison, document));
  if (options.out !== undefined) process.stderr.write(`The curves: ${join(options.out, 'index.html')}\n`);
};
