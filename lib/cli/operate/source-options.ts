import type { Command } from 'commander';
import { defaultConfigFile } from '../../config/load.ts';

/** `--stage`, `--log` and `--config`, which choose where decisions are read from. */
export const sourceOptions = (command: Command): Command =>
  stageOptions(command).option(
    '--log <file>',
    'read this decision log (default: out/decisions.jsonl of the last local run, if there is one and no --stage)',
  );

/** For what only a deployed stage can do. */
export const stageOptions = (command: Command): Command =>
  command
    .option('--stage <name>', 'a deployed stage, with the credentials and region of the AWS SDK')
    .option('--config <file>', `the config that names the stage (default: ${defaultConfigFile})`);
