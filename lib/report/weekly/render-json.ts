import type { WeeklyReport } from './weekly-report.ts';

/** The report for programs: docs/report.schema.json. */
export const renderReportJson = (report: WeeklyReport): string => `${JSON.stringify(report, told, 2)}\n`;

/** The ratios of an offer are a page of the price book; what follows from them is told. */
const told = (key: string, value: unknown): unknown =>
  key === 'ratios' ? undefined : typeof value === 'number' ? rounded(value) : value;

/**
 * Four decimals, and six significant figures below one: cents stay exact, and no digits are shown that nobody measured.
 * What is not finite (late jobs where the promise allows none) is null in JSON.
 */
const rounded = (value: number): number | null => {
  if (!Number.isFinite(value)) return null;
  const figures = Math.abs(value) >= 1 ? Number(value.toFixed(4)) : Number(value.toPrecision(6));
  return figures === 0 ? 0 : figures;
};
