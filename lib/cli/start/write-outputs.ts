import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderRunPage } from '../../report/run/page.ts';
import type { RunRecord } from '../../report/run/run-record.ts';
import { type RunSummary, summarise } from '../../report/run/summary.ts';

/** Writes `summary.json` and `report/index.html` into `directory`, which is made if need be, and returns the summary. */
export const writeOutputs = (record: RunRecord, directory: string): RunSummary => {
  const summary = summarise(record);
  mkdirSync(join(directory, 'report'), { recursive: true });
  writeFileSync(join(directory, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  writeFileSync(join(directory, 'report', 'index.html'), renderRunPage(record, summary));
  return summary;
};
