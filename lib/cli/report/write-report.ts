import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderReportCsv } from '../../report/weekly/render-csv.ts';
import { renderReportHtml } from '../../report/weekly/render-html.ts';
import { renderReportText } from '../../report/weekly/render-text.ts';
import type { WeeklyReport } from '../../report/weekly/weekly-report.ts';

/** Writes the report in its four forms into `directory`, which is made if need be, and returns the files. */
export const writeReport = (report: WeeklyReport, directory: string): readonly string[] => {
  mkdirSync(directory, { recursive: true });
  const forms: readonly (readonly [name: string, text: string])[] = [
    ['report.html', renderReportHtml(report)],
    ['report.json', `${JSON.stringify(report, null, 2)}\n`],
    ['report.csv', renderReportCsv(report)],
    ['report.txt', renderReportText(report)],
  ];
  return forms.map(([name, text]) => {
    const file = join(directory, name);
    writeFileSync(file, text);
    return file;
  });
};
