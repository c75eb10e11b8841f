import type { Command } from 'commander';
import { collectFacts } from '../doctor/collect-facts.ts';
import { examine } from '../doctor/examine.ts';
import { renderExamined } from '../doctor/render.ts';
import { sluiceVersion } from '../model/version.ts';
import { awsAccount } from './doctor/aws-account.ts';
import { stageOptions } from './operate/source-options.ts';
import { configuredStage, openStage } from './operate/stage.ts';

export const define = (command: Command): void => {
  stageOptions(command)
    .option('--json', 'one JSON document: { stage, region, ready, checks: [{ code, title, findings }] }')
    .action(doctor);
};

/** Exit 1 when anything is an error. What may not be asked is a finding, never a crash. */
const doctor = async (options: {
  readonly stage?: string;
  readonly config?: string;
  readonly json?: true;
}): Promise<void> => {
  const stage = await openStage(options.stage ?? (await configuredStage(options.config)));
  const { name, region, table, bindings } = stage;
  const port = awsAccount(stage, Date.now() / 1000);
  const examined = examine(await collectFacts(port, { stage: name, region, table, version: sluiceVersion, bindings }));
  process.stdout.write(options.json ? `${JSON.stringify(examined, null, 2)}\n` : renderExamined(examined));
  if (!examined.ready) process.exitCode = 1;
};
