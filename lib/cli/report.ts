import type { Command } from 'commander';
import { BadInput } from '../model/bad-input.ts';
import { bundledPrices } from '../report/prices/bundled-prices.ts';
import { renderReportText } from '../report/weekly/render-text.ts';
import { makeReport } from '../report/weekly/weekly-report.ts';
import { readUsageFile } from './report/read-usage-file.ts';
import { writeReport } from './report/write-report.ts';

export const define = (command: Command): void => {
  command
    .option('--usage <file>', 'a recorded usage file (docs/usage.schema.json)')
    .option('--out <dir>', 'where report.html, .json, .csv and .txt go', 'out/weekly')
    .option('--json', 'the report as one JSON document')
    .action(report);
};

interface Options {
  readonly usage?: string;
  readonly out: string;
  readonly json?: true;
}

const report = ({ usage: file, out, json }: Options): void => {
  if (file === undefined) {
    throw new BadInput([
      {
        path: '--usage',
        found: 'nothing',
        expected: 'a usage file',
        mend: 'Try --usage examples/cost-report/usage.json.',
      },
    ]);
  }
  const made = makeReport(readUsageFile(file), bundledPrices);
  const files = writeReport(made, out);
  process.stdout.write(
    json ? `${JSON.stringify(made, null, 2)}\n` : `${renderReportText(made)}\nWritten: ${files.join(', ')}\n`,
  );
};
