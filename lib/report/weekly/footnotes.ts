import { heading, note, text } from './mail-html.ts';
import type { WeeklyReport } from './weekly-report.ts';
import { money, share, whole } from './words.ts';

/** What the figures rest on, and what could not be read. */
export const footnotes = (
  { prices, plan, reconciliation, unavailable, historyHours, timeZone, ledger }: WeeklyReport,
  rows: number,
): string =>
  [
    heading('What this rests on', 2),
    ...[
      `${whole(historyHours / 24)} days of history. Prices in USD of ${prices.date}: ${prices.source}. Times in ${timeZone}.`,
      ...(reconciliation === undefined ? [] : [billed(reconciliation)]),
      ...(plan.unpriced.length === 0
        ? []
        : [
            `No price is known for ${some(plan.unpriced, rows)}: in no sum above. Check type, engine and Region; then name a price with --prices, or allow pricing:GetProducts.`,
          ]),
      ...(plan.unusedFeesUsdPerMonth < 0.01
        ? []
        : [
            `After the plan ${money(plan.unusedFeesUsdPerMonth)} a month of the commitments held today would find no use; until they end, that part of a saving is not cash.`,
          ]),
      ...(ledger.length === 0 ? ['No earlier advice is known, so none is measured.'] : []),
      ...unavailable
        .slice(0, rows)
        .map(({ source, because, needs }) => `Not read: ${source} (${because}). Needs ${needs.replace(/\.?$/, '.')}`),
      ...(unavailable.length > rows
        ? [`${unavailable.length - rows} more sources were not read; see report.json.`]
        : []),
    ].map((words) => note(text(words))),
  ].join('\n');

const billed = ({ computedUsd, billedUsd, gapPercent }: NonNullable<WeeklyReport['reconciliation']>): string => {
  const gap = Math.abs(gapPercent);
  return `Our sum of the window is ${money(computedUsd)}, the bill says ${money(billedUsd)}: ${
    gap <= 5 ? `they agree within ${share(gap)}` : `the gap is ${share(gap)}`
  }.`;
};

const some = (names: readonly string[], count: number): string =>
  names.length <= count ? names.join(', ') : `${names.slice(0, count).join(', ')} and ${names.length - count} more`;
