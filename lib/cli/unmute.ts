import type { Command } from 'commander';
import { MuteStore, muteKey } from '../act/mute-store.ts';
import { requireService } from './operate/known-service.ts';
import { print, printJson } from './operate/print.ts';
import { muteWords, scopeOf } from './operate/set-override.ts';
import { stageOptions } from './operate/source-options.ts';
import { configuredStage, openStage, stageLabel } from './operate/stage.ts';

export const define = (command: Command): void => {
  stageOptions(command)
    .description('Ends what mute set: people are told of alerts again.')
    .argument('[service]', 'the service')
    .option('--all', 'the mute of every service; those of single services stay')
    .option('--json', 'one JSON document: { stage, scope, ended? }')
    .action(unmute);
};

interface Options {
  readonly stage?: string;
  readonly config?: string;
  readonly all?: true;
  readonly json?: true;
}

const unmute = async (service: string | undefined, options: Options): Promise<void> => {
  const scope = scopeOf(service, options.all, 'unmute');
  const stage = await openStage(options.stage ?? (await configuredStage(options.config)));
  const names = stage.bindings.map(({ plan }) => plan.service);
  if (scope !== 'all') requireService(scope.service, names, stageLabel(stage));
  const now = Date.now() / 1000;
  const before = await new MuteStore(stage.clients.dynamo, stage.table).clear(scope);
  const found = before[muteKey(scope)];
  const ended = found !== undefined && found.until > now ? found : undefined;
  if (options.json) {
    printJson({ stage: stage.name, scope: scope === 'all' ? 'all' : scope.service, ended });
    return;
  }
  const whose = scope === 'all' ? 'All services together' : scope.service;
  print([
    ended === undefined
      ? `${whose} of ${stageLabel(stage)} had no mute.`
      : `${whose} of ${stageLabel(stage)} no longer ${muteWords(ended)}.`,
  ]);
};
