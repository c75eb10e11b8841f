import type { Command } from 'commander';
import { MuteStore } from '../act/mute-store.ts';
import { nearest } from '../config/nearest.ts';
import { alertKinds } from '../model/alert-catalogue.ts';
import { BadInput } from '../model/bad-input.ts';
import type { Mute } from '../observe/mutes.ts';
import { requireService } from './operate/known-service.ts';
import { print, printJson } from './operate/print.ts';
import { longestOverrideSeconds, muteWords, personHere, scopeOf } from './operate/set-override.ts';
import { stageOptions } from './operate/source-options.ts';
import { configuredStage, openStage, stageLabel } from './operate/stage.ts';
import { parseLength } from './operate/when.ts';

export const define = (command: Command): void => {
  stageOptions(command)
    .description(
      'Nobody is told of alerts for a while; they are recorded all the same, and what lasts longer is told afterwards. "sluice unmute" ends it sooner.',
    )
    .argument('[service]', 'the service')
    .option('--all', 'every service of the stage')
    .option('--code <code>', 'only this alert, such as maxReached')
    .requiredOption('--for <length>', 'for how long: "90s", "30m", "2h", at most 30 days')
    .option('--reason <text>', 'why; "sluice status" shows it')
    .option('--by <name>', 'who (default: you on this machine)')
    .option('--json', 'one JSON document: { stage, scope, mute }')
    .action(mute);
};

interface Options {
  readonly stage?: string;
  readonly config?: string;
  readonly all?: true;
  readonly code?: string;
  readonly for: string;
  readonly reason?: string;
  readonly by?: string;
  readonly json?: true;
}

const mute = async (service: string | undefined, options: Options): Promise<void> => {
  const scope = scopeOf(service, options.all, 'mute');
  const seconds = parseLength('--for', options.for, longestOverrideSeconds);
  if (options.code !== undefined) requireCode(options.code);
  const stage = await openStage(options.stage ?? (await configuredStage(options.config)));
  const names = stage.bindings.map(({ plan }) => plan.service);
  if (scope !== 'all') requireService(scope.service, names, stageLabel(stage));
  const now = Date.now() / 1000;
  const entry: Mute = {
    until: Math.floor(now + seconds),
    at: now,
    by: options.by ?? personHere(),
    ...(options.code === undefined ? {} : { code: options.code }),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  };
  await new MuteStore(stage.clients.dynamo, stage.table).set(scope, entry);
  if (options.json) {
    printJson({ stage: stage.name, scope: scope === 'all' ? 'all' : scope.service, mute: entry });
    return;
  }
  const who = scope === 'all' ? `All services of ${stageLabel(stage)} are` : `${scope.service} is`;
  print([
    `${who} ${muteWords(entry)}.`,
    'Scaling goes on, alerts are recorded, and the end of what was told is told.',
    ...(stage.bindings.some(({ alertTopic }) => alertTopic !== undefined)
      ? []
      : ['Nobody is told of alerts in this stage anyway: the config has no "alerts".']),
    `To end it sooner: sluice unmute ${scope === 'all' ? '--all' : scope.service}`,
  ]);
};

const requireCode = (code: string): void => {
  const known = Object.keys(alertKinds);
  if (known.includes(code)) return;
  const near = nearest(code, known);
  throw new BadInput([
    {
      path: '--code',
      found: JSON.stringify(code),
      expected: `the code of an alert: ${known.join(', ')}`,
      mend: near ? `Did you mean "${near}"?` : 'docs/operations.md says what each is.',
    },
  ]);
};
