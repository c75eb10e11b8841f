import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportForms } from '../../report/weekly/report-forms.ts';
import type { WeeklyReport } from '../../report/weekly/weekly-report.ts';

/** Writes the report in its four forms into `directory`, which is made if need be, and returns the files. */
export const writeReport = (report: WeeklyReport, directory: string): readonly string[] => {
  // All of them are made before the first is written: a fault leaves nothing half-done.
  const forms = reportForms(report);
  mkdirSync(directory, { recursive: true });
  return forms.map(({ name, text }) => {
    const file = join(directory, name);
    writeFileSync(file, text);
    return file;
  });
};
