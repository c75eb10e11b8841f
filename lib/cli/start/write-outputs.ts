import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderRunPage } from '../../report/run/page.ts';
import type { RunRecord } from '../../report/run/run-record.ts';
import { type RunSummary, summarise } from '../../report/run/summary.ts';

/** The decision log of a run, for `why`, `log` and `replay`: one DecisionRecord a line, oldest first. */
export const decisionsFile = 'decisions.jsonl';

/** Writes summary, decision log and `report/index.html` into `directory`, which is made if need be, and returns the summary. */
export const writeOutputs = (record: RunRecord, directory: string): RunSummary => {
  const summary = summarise(record);
  mkdirSync(join(directory, 'report'), { recursive: true });
  writeFileSync(join(directory, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  writeFileSync(join(directory, 'report', 'index.html'), renderRunPage(record, summary));
  writeFileSync(join(directory, decisionsFile), decisionLines(record));
  return summary;
};

const decisionLines = ({ services }: RunRecord): string =>
  services
    .flatMap(({ decisions }) => decisions)
    .toSorted((a, b) => a.observation.now - b.observation.now)
    .map((decision) => `${JSON.stringify(decision)}\n`)
    .join('');
