import type { Command } from 'commander';
import { OverrideStore } from '../act/override-store.ts';
import { isInForce, type Overrides, overrideOf, readOverrides } from '../observe/overrides.ts';
import { requireService } from './operate/known-service.ts';
import { print, printJson } from './operate/print.ts';
import { overrideWords, scopeOf } from './operate/set-override.ts';
import { stageOptions } from './operate/source-options.ts';
import { configuredStage, type DeployedStage, openStage, stageLabel } from './operate/stage.ts';

export const define = (command: Command): void => {
  stageOptions(command)
    .description(
      'Ends what pause and hold set. With --all: everything that was set in the stage, the stop-all switch too.',
    )
    .argument('[service]', 'the service')
    .option('--all', 'every service of the stage')
    .option(
      '--json',
      'one JSON document: { stage, scope, ended, still? }; exit code 1 when something set for all services remains',
    )
    .action(resume);
};

interface Options {
  readonly stage?: string;
  readonly config?: string;
  readonly all?: true;
  readonly json?: true;
}

const resume = async (service: string | undefined, options: Options): Promise<void> => {
  const scope = scopeOf(service, options.all, 'resume');
  const stage = await openStage(options.stage ?? (await configuredStage(options.config)));
  if (scope === 'all') return resumeAll(stage, options);
  requireService(
    scope.service,
    stage.bindings.map(({ plan }) => plan.service),
    stageLabel(stage),
  );
  return resumeOne(stage, scope.service, options);
};

const resumeOne = async (stage: DeployedStage, service: string, { json }: Options): Promise<void> => {
  const now = Date.now() / 1000;
  const before = await new OverrideStore(stage.clients.dynamo, stage.table).clear({ service });
  const own = before.byService[service];
  const { [service]: _, ...others } = before.byService;
  // One service cannot be taken out of what was set for all: that must not look as if it had worked.
  const still = overrideOf({ ...before, byService: others }, service, now);
  const ended = own !== undefined && isInForce(own, now) ? own : undefined;
  if (still !== undefined) process.exitCode = 1;
  if (json) {
    printJson({ stage: stage.name, scope: service, ended: ended ? [{ service, override: ended }] : [], still });
    return;
  }
  const first =
    ended === undefined
      ? `${service} of ${stageLabel(stage)} had no override of its own.`
      : `${service} of ${stageLabel(stage)} is no longer ${overrideWords(ended)}.`;
  print([
    first,
    still === undefined
      ? 'Sluice decides again from the next tick on.'
      : `It stays ${overrideWords(still)}: that holds for all services. To end it: sluice resume --all`,
  ]);
};

const resumeAll = async (stage: DeployedStage, { json }: Options): Promise<void> => {
  const now = Date.now() / 1000;
  const { dynamo } = stage.clients;
  const known = await readOverrides(dynamo, stage.table, AbortSignal.timeout(10_000), { consistent: true });
  const ended = entriesOf(await new OverrideStore(dynamo, stage.table).clearAll(known), now);
  if (json) {
    printJson({ stage: stage.name, scope: 'all', ended });
    return;
  }
  print([
    ended.length === 0 ? `Nothing was set in ${stageLabel(stage)}.` : `In ${stageLabel(stage)} these have ended:`,
    ...ended.map(({ service, override }) => `  ${service}: ${overrideWords(override)}`),
    ...(ended.length === 0 ? [] : ['Sluice decides again from the next tick on.']),
  ]);
};

const entriesOf = ({ stop, all, byService }: Overrides, now: number) =>
  [
    ...(stop ? [{ service: 'all services', override: stop }] : []),
    ...(all ? [{ service: 'all services', override: all }] : []),
    ...Object.entries(byService).map(([service, override]) => ({ service, override })),
  ].filter(({ override }) => isInForce(override, now));
