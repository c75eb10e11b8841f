import type { WeeklyReport } from './weekly-report.ts';

const columns = [
  'id',
  'kind',
  'resource',
  'owner',
  'title',
  'usdPerMonth',
  'aloneUsdPerMonth',
  'risk',
  'effort',
  'confidence',
  'reversible',
] as const;

/** The recommendations, one a row, in sequence: `usdPerMonth` adds up, `aloneUsdPerMonth` does not. RFC 4180. */
export const renderReportCsv = ({ plan }: WeeklyReport): string =>
  [
    columns.join(','),
    ...plan.recommendations.map((line) => columns.map((column) => field(line[column] ?? '')).join(',')),
    ...(plan.minor.count > 0 ? [columns.map((column) => field(minorRow(plan.minor)[column] ?? '')).join(',')] : []),
    '',
  ].join('\r\n');

const minorRow = (minor: WeeklyReport['plan']['minor']): Readonly<Record<string, string | number>> => ({
  id: 'minor',
  kind: 'minor',
  title: `${minor.count} small changes`,
  usdPerMonth: minor.usdPerMonth,
});

/** Text that a spreadsheet would run as a formula is made text. */
const field = (value: string | number | boolean): string => {
  const raw = String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(raw) ? `'${raw}` : raw;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
