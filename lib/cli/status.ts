import type { Command } from 'commander';
import type { EpochSeconds } from '../model/units.ts';
import { sourceLine } from '../report/why/render-story.ts';
import { renderStatus, type ServiceStatus, statusJson } from '../report/why/status.ts';
import { isoUtc } from '../report/why/times.ts';
import { fileOf, type SourceOptions } from './operate/decision-source.ts';
import { openFileLog } from './operate/file-log.ts';
import { requireService } from './operate/known-service.ts';
import { print, printJson, textWidth } from './operate/print.ts';
import { overrideWords } from './operate/set-override.ts';
import { sourceOptions } from './operate/source-options.ts';
import { configuredStage, openStage, stageLabel } from './operate/stage.ts';
import { stageStatus } from './operate/stage-status.ts';

export const define = (command: Command): void => {
  sourceOptions(command)
    .description('Tasks, queues, last decision, alerts and overrides: live from AWS, or as a log knew them last.')
    .argument('[service]', 'the service (default: all)')
    .option('--json', 'one JSON document: { source, at, services }')
    .action(status);
};

const status = async (
  service: string | undefined,
  options: SourceOptions & { readonly json?: true },
): Promise<void> => {
  const now = Date.now() / 1000;
  const file = fileOf(options);
  const { label, services } = file === undefined ? await live(service, options, now) : await recorded(service, file);
  if (options.json) {
    printJson({ source: label, at: isoUtc(now), services: services.map((one) => statusJson(one, now)) });
    return;
  }
  const blocks = services.flatMap((one) => [...renderStatus(one, overrideWords, now, textWidth()), '']);
  print([...blocks, sourceLine(label)]);
};

interface Found {
  readonly label: string;
  readonly services: readonly ServiceStatus[];
}

const live = async (service: string | undefined, options: SourceOptions, now: EpochSeconds): Promise<Found> => {
  const stage = await openStage(options.stage ?? (await configuredStage(options.config)));
  const label = stageLabel(stage);
  const names = stage.bindings.map(({ plan }) => plan.service);
  if (service !== undefined) requireService(service, names, label);
  const wanted = stage.bindings.filter(({ plan }) => service === undefined || plan.service === service);
  return { label: `${label}, live`, services: await stageStatus(stage, wanted, now) };
};

/** The last decision of each service, and what it saw. */
const recorded = async (service: string | undefined, file: string): Promise<Found> => {
  const source = await openFileLog(file);
  if (service !== undefined) requireService(service, source.services, source.label);
  const names = source.services.filter((name) => service === undefined || name === service);
  const services = await Promise.all(
    names.map(async (name): Promise<readonly ServiceStatus[]> => {
      const last = (await source.read(name, 0, Number.POSITIVE_INFINITY)).at(-1);
      if (last === undefined) return [];
      const { decision, observation, given } = last;
      return [
        {
          service: name,
          mode: decision.shadow ? 'shadow' : 'act',
          seen: observation,
          lastTickAt: decision.at,
          last,
          ...(given?.override ? { override: given.override } : {}),
        },
      ];
    }),
  );
  return { label: `${source.label}; not live`, services: services.flat() };
};
