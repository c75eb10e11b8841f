import type { Command } from 'commander';
import { OverrideStore, type TimedOverride } from '../act/override-store.ts';
import { BadInput } from '../model/bad-input.ts';
import type { Settings } from '../model/plan.ts';
import { settingsAt } from '../schedule/settings-at.ts';
import { requireService } from './operate/known-service.ts';
import { print, printJson } from './operate/print.ts';
import { longestOverrideSeconds, overrideWords, personHere } from './operate/set-override.ts';
import { stageOptions } from './operate/source-options.ts';
import { configuredStage, openStage, stageLabel } from './operate/stage.ts';
import { parseLength } from './operate/when.ts';

export const define = (command: Command): void => {
  stageOptions(command)
    .description(
      'Keeps a service at a count of your own for a while, within its bounds. Ends by itself; "sluice resume" ends it sooner.',
    )
    .argument('<service>', 'the service')
    .requiredOption('--desired <n>', 'the count')
    .requiredOption('--for <length>', 'for how long: "90s", "30m", "2h", at most 30 days')
    .option('--reason <text>', 'why; stands in the log and in "sluice why"')
    .option('--by <name>', 'who (default: you on this machine)')
    .option('--json', 'one JSON document: { stage, service, override, warnings }')
    .action(hold);
};

interface Options {
  readonly stage?: string;
  readonly config?: string;
  readonly desired: string;
  readonly for: string;
  readonly reason?: string;
  readonly by?: string;
  readonly json?: true;
}

const hold = async (service: string, options: Options): Promise<void> => {
  const desired = countOf(options.desired);
  const seconds = parseLength('--for', options.for, longestOverrideSeconds);
  const stage = await openStage(options.stage ?? (await configuredStage(options.config)));
  requireService(
    service,
    stage.bindings.map(({ plan }) => plan.service),
    stageLabel(stage),
  );
  const now = Date.now() / 1000;
  const plan = stage.bindings.find((binding) => binding.plan.service === service)?.plan;
  const warnings = plan === undefined ? [] : outOfBounds(desired, settingsAt(plan, now));
  const override: TimedOverride = {
    kind: 'hold',
    desired,
    until: Math.floor(now + seconds),
    at: now,
    by: options.by ?? personHere(),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  };
  await new OverrideStore(stage.clients.dynamo, stage.table).set({ service }, override, now);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  if (options.json) printJson({ stage: stage.name, service, override, warnings });
  else
    print([
      `${service} of ${stageLabel(stage)} is ${overrideWords(override)}.`,
      'It holds from the next tick on: at once, without cooldowns and rate limits.',
      `To end it sooner: sluice resume ${service}`,
    ]);
};

const countOf = (text: string): number => {
  const count = Number(text);
  if (text.trim() !== '' && Number.isInteger(count) && count >= 0 && count <= 5000) return count;
  throw new BadInput([
    {
      path: '--desired',
      found: JSON.stringify(text),
      expected: 'a whole number from 0 to 5000',
      mend: 'Try --desired 4.',
    },
  ]);
};

const outOfBounds = (desired: number, { tasks, window, mode }: Settings): readonly string[] => {
  const whose = window === undefined ? '' : ` in the window "${window}" of now`;
  const bounds =
    desired < tasks.min
      ? [`${desired} is below the minimum of ${tasks.min}${whose}: the service will have ${tasks.min}`]
      : desired > tasks.max
        ? [`${desired} is above the maximum of ${tasks.max}${whose}: the service will have ${tasks.max}`]
        : [];
  return mode === 'shadow'
    ? [...bounds, 'the service is in shadow mode: the hold is recorded and not carried out']
    : bounds;
};
