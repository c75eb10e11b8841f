import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../../model/bad-input.ts';
import type { DecisionRecord } from '../../model/decision.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { decisionsFile } from '../start/write-outputs.ts';
import { openFileLog } from './file-log.ts';
import { configuredStage, openStage } from './stage.ts';
import { openStageLog } from './stage-log.ts';

/** Where decisions are read from. */
export interface DecisionSource {
  /** Stands in every answer, so that nobody mistakes yesterday's file for the live stage. */
  readonly label: string;
  readonly services: readonly string[];
  /** Times such as "5m ago" and "02:41" count back from here: the present, or the end of a file. */
  readonly endsAt: EpochSeconds;
  /** `from <= now < to`, oldest first. */
  read(service: string, from: EpochSeconds, to: EpochSeconds): Promise<readonly DecisionRecord[]>;
}

/** The options that choose a source. */
export interface SourceOptions {
  readonly stage?: string;
  readonly log?: string;
  readonly config?: string;
}

export const localLogFile = join('out', decisionsFile);

/** `--log FILE`, else `--stage NAME`, else the last local run if there was one, else the stage that the config names. */
export const openSource = async (options: SourceOptions, now: EpochSeconds): Promise<DecisionSource> => {
  const file = fileOf(options);
  if (file !== undefined) return openFileLog(file);
  return openStageLog(await openStage(options.stage ?? (await configuredStage(options.config))), now);
};

/** The log file that the options mean. Undefined: a deployed stage. */
export const fileOf = ({ stage, log }: SourceOptions): string | undefined => {
  if (log !== undefined && stage !== undefined) {
    throw new BadInput([
      { path: '--log', found: 'both --log and --stage', expected: 'one of them', mend: 'Leave one out.' },
    ]);
  }
  if (log !== undefined) return log;
  return stage === undefined && existsSync(localLogFile) ? localLogFile : undefined;
};
