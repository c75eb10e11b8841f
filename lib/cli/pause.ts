import type { Command } from 'commander';
import { OverrideStore, type TimedOverride } from '../act/override-store.ts';
import { requireService } from './operate/known-service.ts';
import { print, printJson } from './operate/print.ts';
import { longestOverrideSeconds, overrideWords, personHere, scopeOf } from './operate/set-override.ts';
import { stageOptions } from './operate/source-options.ts';
import { configuredStage, openStage, stageLabel } from './operate/stage.ts';
import { parseLength } from './operate/when.ts';

export const define = (command: Command): void => {
  stageOptions(command)
    .description(
      'Sluice leaves the count alone for a while, whatever it is. Ends by itself; "sluice resume" ends it sooner.',
    )
    .argument('[service]', 'the service')
    .option('--all', 'every service of the stage')
    .requiredOption('--for <length>', 'for how long: "90s", "30m", "2h", at most 30 days')
    .option('--reason <text>', 'why; stands in the log and in "sluice why"')
    .option('--by <name>', 'who (default: you on this machine)')
    .option('--json', 'one JSON document: { stage, scope, override }')
    .action(pause);
};

interface Options {
  readonly stage?: string;
  readonly config?: string;
  readonly all?: true;
  readonly for: string;
  readonly reason?: string;
  readonly by?: string;
  readonly json?: true;
}

const pause = async (service: string | undefined, options: Options): Promise<void> => {
  const scope = scopeOf(service, options.all, 'pause');
  const seconds = parseLength('--for', options.for, longestOverrideSeconds);
  const stage = await openStage(options.stage ?? (await configuredStage(options.config)));
  if (scope !== 'all') {
    requireService(
      scope.service,
      stage.bindings.map(({ plan }) => plan.service),
      stageLabel(stage),
    );
  }
  const now = Date.now() / 1000;
  const override: TimedOverride = {
    kind: 'pause',
    until: Math.floor(now + seconds),
    at: now,
    by: options.by ?? personHere(),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  };
  await new OverrideStore(stage.clients.dynamo, stage.table).set(scope, override, now);
  if (options.json) printJson({ stage: stage.name, scope: scope === 'all' ? 'all' : scope.service, override });
  else
    print([
      `${scope === 'all' ? `All ${stage.bindings.length} services of ${stageLabel(stage)} are` : `${scope.service} of ${stageLabel(stage)} is`} ${overrideWords(override)}.`,
      'It holds from the next tick on. The count stays as it is, and may be changed by hand meanwhile.',
      `To end it sooner: sluice resume ${scope === 'all' ? '--all' : scope.service}`,
    ]);
};
