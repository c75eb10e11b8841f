import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPrices } from '../../report/prices/bundled-prices.ts';
import { renderRunPage } from '../../report/run/page.ts';
import type { RunRecord } from '../../report/run/run-record.ts';
import { usageOfRun } from '../../report/run/run-usage.ts';
import { type RunSummary, summarise } from '../../report/run/summary.ts';
import { usageToFile } from '../../report/usage/usage-to-file.ts';
import { reportForms } from '../../report/weekly/report-forms.ts';
import { makeReport } from '../../report/weekly/weekly-report.ts';
import { writeFiles } from '../report/output-files.ts';

/** The decision log of a run, for `why`, `log` and `replay`: one DecisionRecord a line, oldest first. */
export const decisionsFile = 'decisions.jsonl';

/** What the run used, for `report`. */
export const usageFile = 'usage.json';

/** The weekly report, made of the minutes of the run. */
export const weeklyFolder = 'weekly';

/** Writes summary, decision log, `report/index.html` and the weekly report into `directory`, which is made if need be. */
export const writeOutputs = (record: RunRecord, directory: string): RunSummary => {
  const summary = summarise(record);
  mkdirSync(join(directory, 'report'), { recursive: true });
  writeFileSync(join(directory, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  writeFileSync(join(directory, 'report', 'index.html'), renderRunPage(record, summary));
  writeFileSync(join(directory, decisionsFile), decisionLines(record));
  const usage = usageOfRun(record);
  writeFileSync(join(directory, usageFile), `${JSON.stringify(usageToFile(usage))}\n`);
  const forms = reportForms(makeReport(usage, bundledPrices));
  writeFiles(forms.map(({ name, text }) => ({ file: join(directory, weeklyFolder, name), text })));
  return summary;
};

const decisionLines = ({ services }: RunRecord): string =>
  services
    .flatMap(({ decisions }) => decisions)
    .toSorted((a, b) => a.observation.now - b.observation.now)
    .map((decision) => `${JSON.stringify(decision)}\n`)
    .join('');
