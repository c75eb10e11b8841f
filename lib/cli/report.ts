import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { defaultConfigFile } from '../config/load.ts';
import { renderSimple } from '../report/simple/render-simple.ts';
import { simpleReport } from '../report/simple/simple-report.ts';
import { quoted } from '../report/weekly/decide-command.ts';
import { renderReportJson } from '../report/weekly/render-json.ts';
import { renderReportText } from '../report/weekly/render-text.ts';
import { reportForms } from '../report/weekly/report-forms.ts';
import { makeReport } from '../report/weekly/weekly-report.ts';
import { type AccountOptions, regionList, scopeTag } from './report/account-options.ts';
import { decideInLedger, isDecision } from './report/decide-in-ledger.ts';
import { ledgerText, listOf, openLedger } from './report/ledger-file.ts';
import { openUsage } from './report/open-usage.ts';
import { refuseUnwritable, writeFiles } from './report/output-files.ts';
import { recordings } from './report/recordings.ts';

export const define = (command: Command): void => {
  command
    .option('--usage <file>', 'a recorded usage file (docs/usage.schema.json)')
    .option('--stage <name>', 'the account of a deployed stage, with the credentials and region of the AWS SDK')
    .option('--config <file>', `the config that names the stage (default: ${defaultConfigFile})`)
    .option('--regions <list>', 'Regions of the account, one report over all of them', regionList)
    .option('--weeks <n>', 'how far back the account is read; CloudWatch keeps hours for 64 weeks', '9')
    .option('--from <time>', 'the same as a time in UTC, like 2026-09-14')
    .option('--scope <tag>', 'only resources with this tag: KEY or KEY=VALUE', scopeTag)
    .option('--owner-tag <key>', 'the tag that names an owner (default: owner, else team)')
    .option('--prices <file>', 'prices of your own over the bundled ones; the price list is not asked (docs/report.md)')
    .option('--record <file>', 'write what was read as a usage file, to replay it with --usage')
    .option('--record-prices <file>', 'write the prices that were used, to replay them with --prices')
    .addOption(
      new Option('--mode <mode>', 'plan: proved and without double counting; simple: the rules of thumb of other tools')
        .choices(['plan', 'simple'])
        .default('plan'),
    )
    .option('--ledger <file>', 'keep what becomes of advice in this file, and tell what it has saved')
    .option('--accept <id>', 'note that advice is to be followed, in --ledger or in the stage; repeatable', listOf, [])
    .option('--dismiss <id>', 'the same for advice that is not to be given again; repeatable', listOf, [])
    .option('--out <dir>', 'where report.html, .json, .csv and .txt go', 'out/weekly')
    .option('--json', 'the report as one JSON document')
    .addHelpText('after', choice)
    .action(report);
};

const choice = `
What is read: --usage FILE; else the account, when --stage, --config or --regions is given; else the last local run
(out/usage.json), if there is one; else the account of the stage that ${defaultConfigFile} names. The first line says which.

After a report by mail: sluice report --stage NAME --accept ID (or --dismiss ID) notes the decision where that report
keeps its advice, and does nothing else. The report has the IDs, and the whole command.
`;

interface Options extends AccountOptions {
  readonly out: string;
  readonly json?: true;
  readonly record?: string;
  readonly recordPrices?: string;
  readonly mode: 'plan' | 'simple';
  readonly ledger?: string;
  readonly accept: readonly string[];
  readonly dismiss: readonly string[];
}

const report = async (options: Options): Promise<void> => {
  refusePlaces(options);
  const now = Date.now() / 1000;
  if (isDecision(options)) return decideInLedger(options, now);
  const ledger = openLedger(options, now);
  const { label, usage, book, notes, advice } = await openUsage(options, now);
  process.stderr.write(`Read: ${label}\n`);
  for (const note of notes) process.stderr.write(`${note}\n`);
  const recorded = recordings(usage, book, options);
  if (options.mode === 'simple') {
    const simple = simpleReport(usage, book);
    writeFiles(recorded);
    process.stdout.write(options.json ? `${JSON.stringify(simple, null, 2)}\n` : renderSimple(simple));
    return;
  }
  const kept =
    ledger === undefined ? advice : { ledger, decideWith: `sluice report --ledger ${quoted(options.ledger ?? '')}` };
  const made = makeReport(usage, book, undefined, kept);
  const files = writeFiles([
    ...reportForms(made).map(({ name, text }) => ({ file: join(options.out, name), text })),
    ...recorded,
    ...(options.ledger === undefined ? [] : [{ file: options.ledger, text: ledgerText(made.ledger) }]),
  ]);
  process.stdout.write(
    options.json ? renderReportJson(made) : `${renderReportText(made)}\nWritten: ${files.join(', ')}\n`,
  );
};

const refusePlaces = ({ out, mode, record, recordPrices, ledger }: Options): void => {
  if (mode === 'plan') refuseUnwritable('--out', join(out, 'report.html'));
  if (record !== undefined) refuseUnwritable('--record', record);
  if (recordPrices !== undefined) refuseUnwritable('--record-prices', recordPrices);
  if (ledger !== undefined) refuseUnwritable('--ledger', ledger);
};
