import { renderReportCsv } from './render-csv.ts';
import { renderReportHtml } from './render-html.ts';
import { renderReportJson } from './render-json.ts';
import { renderReportText } from './render-text.ts';
import type { WeeklyReport } from './weekly-report.ts';

/** The report as one file. */
export interface ReportForm {
  readonly name: `report.${'html' | 'json' | 'csv' | 'txt'}`;
  readonly contentType: string;
  readonly text: string;
}

/** The report in its four forms. Pure: the same report gives the same bytes. */
export const reportForms = (report: WeeklyReport): readonly ReportForm[] => [
  { name: 'report.html', contentType: 'text/html; charset=utf-8', text: renderReportHtml(report) },
  { name: 'report.json', contentType: 'application/json', text: renderReportJson(report) },
  { name: 'report.csv', contentType: 'text/csv; charset=utf-8', text: renderReportCsv(report) },
  { name: 'report.txt', contentType: 'text/plain; charset=utf-8', text: renderReportText(report) },
];
