import { type Command, Option } from 'commander';
import {
  type AppliedEntry,
  type AppliedPart,
  appliedParts,
  type Barred,
  barredSize,
  sizeBarredSeconds,
} from '../model/applied.ts';
import { barredSeconds } from '../report/apply/apply-advice.ts';
import type { AppliedLine } from '../report/apply/in-force.ts';
import { appliedLines, appliedTexts, appliedWords, changeApplied } from './operate/applied-stage.ts';
import { requireService } from './operate/known-service.ts';
import { print, printJson } from './operate/print.ts';
import { personHere } from './operate/set-override.ts';
import { stageOptions } from './operate/source-options.ts';
import { configuredStage, openStage, stageLabel } from './operate/stage.ts';

export const define = (command: Command): void => {
  stageOptions(command)
    .description(
      'Takes applied advice of a service back: the config holds again within two minutes. The report leaves that advice alone for eight weeks, a size for four.',
    )
    .argument('<service>', 'the service')
    .addOption(new Option('--part <part>', 'only this (default: all)').choices(appliedParts))
    .option('--by <name>', 'who (default: you on this machine)')
    .option('--json', 'one JSON document: { stage, service, undone }')
    .action(undo);
};

interface Options {
  readonly stage?: string;
  readonly config?: string;
  readonly part?: AppliedPart;
  readonly by?: string;
  readonly json?: true;
}

const undo = async (service: string, { part, by = personHere(), json, ...options }: Options): Promise<void> => {
  const stage = await openStage(options.stage ?? (await configuredStage(options.config)));
  const plans = stage.bindings.map(({ plan }) => plan);
  requireService(
    service,
    plans.map((plan) => plan.service),
    stageLabel(stage),
  );
  const parts = part === undefined ? appliedParts : [part];
  const before = appliedLines(plans, await appliedTexts(stage));
  const undone: readonly AppliedLine[] = before.lines.filter(
    (line) => line.service === service && parts.includes(line.part),
  );
  const isBroken = before.unreadable.includes(service);
  if (undone.length > 0 || isBroken)
    await changeApplied(stage, service, (entry) => without(entry, parts, by, Date.now() / 1000));
  if (json) {
    printJson({ stage: stage.name, service, undone, ...(isBroken && { cleared: true }) });
    return;
  }
  if (isBroken) print([`What was stored for ${service} did not read: it is cleared.`]);
  else if (undone.length === 0)
    print([`Nothing${part === undefined ? '' : ` of ${part}`} is applied to ${service} of ${stageLabel(stage)}.`]);
  else
    print([
      ...undone.map((line) => `No longer applied: ${appliedWords(line)}`),
      'The config holds again within two minutes. The report leaves this advice alone for eight weeks, a size for four.',
    ]);
};

/** What a person took back the report does not bring again next week. */
const without = (
  entry: AppliedEntry | 'unknown',
  parts: readonly AppliedPart[],
  by: string,
  now: number,
): AppliedEntry => {
  if (entry === 'unknown') return {};
  const bars = parts.flatMap((part): readonly Barred[] => {
    const mark = entry[part];
    if (mark === undefined) return [];
    const advice = part === 'size' && entry.size ? barredSize(mark.advice, entry.size.size) : mark.advice;
    return [
      {
        advice,
        until: Math.floor(now) + (part === 'size' ? sizeBarredSeconds : barredSeconds),
        because: `${by} took it back`,
      },
    ];
  });
  const kept = Object.fromEntries(Object.entries(entry).filter(([name]) => !parts.some((part) => part === name)));
  const barred = [...(entry.barred ?? []), ...bars];
  return { ...kept, ...(barred.length > 0 && { barred }) };
};
