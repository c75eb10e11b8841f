import type { Command } from 'commander';
import { defaultConfigFile, loadConfig } from '../config/load.ts';
import { BadInput } from '../model/bad-input.ts';
import type { DecisionRecord } from '../model/decision.ts';
import { readRecords } from './operate/file-log.ts';
import { requireService } from './operate/known-service.ts';
import { print, printJson, textWidth } from './operate/print.ts';
import { renderReplay } from './operate/render-replay.ts';
import { type ReplayedService, replayLog } from './operate/replay-log.ts';

export const define = (command: Command): void => {
  command
    .description(
      'Decides a log again, with the plans of a config, and lists what comes out differently. Exit code 0: nothing does; 1: something does.',
    )
    .argument(
      '<file>',
      'JSON lines of decision records: out/decisions.jsonl, or what "sluice log SERVICE --jsonl" wrote',
    )
    .option('--config <file>', 'the plans to decide with', defaultConfigFile)
    .option('--service <name>', 'only this service')
    .option('--counts', 'words do not matter: only other counts are differences')
    .option('--limit <n>', 'list so many differences of each service', '10')
    .option('--json', 'one JSON document: { file, config, decided, differ, services }')
    .action(replay);
};

interface Options {
  readonly config: string;
  readonly service?: string;
  readonly counts?: true;
  readonly limit: string;
  readonly json?: true;
}

const replay = async (file: string, options: Options): Promise<void> => {
  const limit = limitOf(options.limit);
  const records = await readRecords(file);
  const { plans } = await loadConfig(options.config);
  const byService = Map.groupBy(records, ({ decision }) => decision.service);
  if (options.service !== undefined) requireService(options.service, [...byService.keys()], file);
  const wanted = [...byService].filter(([name]) => options.service === undefined || name === options.service);
  const services = wanted.map(([name, log]) => {
    const plan = plans.find(({ service }) => service === name);
    if (plan === undefined)
      throw notInConfig(
        name,
        options.config,
        plans.map(({ service }) => service),
      );
    return replayed(replayLog(log, plan), log, options);
  });
  const decided = services.reduce((sum, service) => sum + service.decided, 0);
  if (decided === 0) throw nothingToDecide(file);
  const differ = services.reduce((sum, service) => sum + service.differences.length, 0);
  if (differ > 0) process.exitCode = 1;
  if (options.json) printJson({ file, config: options.config, decided, differ, services });
  else print(renderReplay({ file, config: options.config, services, limit, width: textWidth() }));
};

const replayed = (service: ReplayedService, log: readonly DecisionRecord[], { counts }: Options) => ({
  ...service,
  records: log.length,
  differences: service.differences.filter(({ count }) => count || !counts),
});

const limitOf = (text: string): number => {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 0) return limit;
  throw new BadInput([
    { path: '--limit', found: JSON.stringify(text), expected: 'a whole number from 0', mend: 'Try --limit 10.' },
  ]);
};

const notInConfig = (service: string, config: string, known: readonly string[]): BadInput =>
  new BadInput([
    {
      path: '--config',
      found: `${config}, which has no service ${service}`,
      expected: 'the config of the services in the log',
      mend: `It has ${known.join(', ')}. Name the right one with --config, or one service with --service.`,
    },
  ]);

const nothingToDecide = (file: string): BadInput =>
  new BadInput([
    {
      path: file,
      found: 'records that build on ticks before the first one, and no state among them',
      expected: 'a log that holds the first tick of an hour, where the state is written',
      mend: 'Take a longer part of the log: an hour always holds one.',
    },
  ]);
