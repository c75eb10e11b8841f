import { existsSync } from 'node:fs';
import { defaultConfigFile } from '../../config/load.ts';
import { BadInput } from '../../model/bad-input.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { type AdviceChoice, decideAdvice } from '../../report/ledger/decide-advice.ts';
import type { LedgerEntry } from '../../report/ledger/ledger.ts';
import { money } from '../../report/weekly/words.ts';
import type { AccountOptions } from './account-options.ts';
import { entriesIn, type LedgerOptions, ledgerText } from './ledger-file.ts';
import { writeFiles } from './output-files.ts';

export interface DecideOptions extends LedgerOptions, Pick<AccountOptions, 'usage' | 'stage' | 'config' | 'regions'> {
  readonly json?: true;
}

/** `--accept` and `--dismiss` alone ask no account and make no report; beside a usage file they are a part of making one. */
export const isDecision = ({ accept, dismiss, ledger, usage, stage, config, regions }: DecideOptions): boolean =>
  accept.length + dismiss.length > 0 &&
  usage === undefined &&
  (ledger === undefined || (stage ?? config ?? regions) === undefined);

/** Notes decisions in the ledger file, or in the table of the stage whose report was mailed. @throws BadInput */
export const decideInLedger = async (options: DecideOptions, now: EpochSeconds): Promise<void> => {
  const { ledger } = options;
  const { where, entries } = ledger === undefined ? await inStage(options, now) : inFile(ledger, options, now);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ledger: where, entries }, null, 2)}\n`
      : `${entries.map((entry) => `${entry.state}: ${entry.id} (${entry.title}, ${money(entry.predictedUsdPerMonth)} a month)\n`).join('')}Noted in ${where}. Advice that is dismissed is not given again; what accepted advice saves is told once it is seen.\n`,
  );
};

interface Noted {
  readonly where: string;
  readonly entries: readonly LedgerEntry[];
}

const inFile = (file: string, choice: AdviceChoice, now: EpochSeconds): Noted => {
  const entries = decideAdvice(existsSync(file) ? entriesIn(file) : [], choice, now);
  writeFiles([{ file, text: ledgerText(entries) }]);
  return { where: file, entries: entries.filter(({ id }) => [...choice.accept, ...choice.dismiss].includes(id)) };
};

const inStage = async (options: DecideOptions, now: EpochSeconds): Promise<Noted> => {
  const [{ openStage, configuredStage, stageLabel }, { DynamoLedger }] = await Promise.all([
    import('../operate/stage.ts'),
    import('../../act/dynamo-ledger.ts'),
  ]);
  const { stage: name, config, regions = [], accept, dismiss } = options;
  if (name === undefined && config === undefined && !existsSync(defaultConfigFile)) throw noLedger(options);
  if (regions.length > 1) throw oneRegion(regions);
  const stage = await openStage(name ?? (await configuredStage(config)), regions[0]);
  const ledger = new DynamoLedger(stage.clients.dynamo, stage.table);
  if ((await ledger.read()) === undefined) throw noReportYet(options, stageLabel(stage));
  return { where: stageLabel(stage), entries: await ledger.decide({ accept, dismiss }, now) };
};

const optionOf = ({ accept }: AdviceChoice): string => (accept.length > 0 ? '--accept' : '--dismiss');

const noLedger = (choice: AdviceChoice): BadInput =>
  bad(
    optionOf(choice),
    'neither a stage nor a ledger file',
    'where the advice is kept',
    'Add --stage NAME for the report of a stage, or --ledger FILE.',
  );

const noReportYet = (choice: AdviceChoice, label: string): BadInput =>
  bad(
    optionOf(choice),
    `no advice at all in ${label}`,
    'a stage that has made a weekly report',
    'Put "report" in its config and wait for the first one, or invoke its report function (docs/report.md).',
  );

const oneRegion = (regions: readonly string[]): BadInput =>
  bad('--regions', regions.join(','), 'the one Region of the stage', 'Name that one alone.');

const bad = (path: string, found: string, expected: string, mend: string): BadInput =>
  new BadInput([{ path, found, expected, mend }]);
