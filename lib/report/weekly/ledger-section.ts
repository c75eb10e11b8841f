import { calibrationOf } from '../ledger/ledger.ts';
import { heading, note, paragraph, small, table, text } from './mail-html.ts';
import type { WeeklyReport } from './weekly-report.ts';
import { dayOf, money } from './words.ts';

/** What became of earlier advice: predicted against realised. The last `rows` of it. */
export const ledgerSection = ({ ledger: all, timeZone, to }: WeeklyReport, rows: number): string => {
  // This week's advice stands in its own section.
  const ledger = all.filter(({ firstAdvisedAt }) => firstAdvisedAt < to);
  if (ledger.length === 0) return '';
  const calibration = calibrationOf(ledger);
  const latest = ledger.toSorted((a, b) => b.lastAdvisedAt - a.lastAdvisedAt).slice(0, rows);
  return [
    heading('What became of earlier advice', 2),
    ...(calibration === undefined
      ? []
      : [
          paragraph(
            text(
              `The last ${calibration.count} changes that were measured: predicted ${money(calibration.predictedUsdPerMonth)} a month, realised ${money(calibration.realisedUsdPerMonth)}.`,
            ),
          ),
        ]),
    table(
      [{ title: 'Advice' }, { title: 'Predicted', right: true }, { title: 'Realised', right: true }],
      latest.map((entry) => [
        `${text(entry.title)}${small(text(`${entry.state}, first advised ${dayOf(entry.firstAdvisedAt, timeZone)}`))}`,
        text(money(entry.predictedUsdPerMonth)),
        entry.realisedUsdPerMonth === undefined ? '–' : text(money(entry.realisedUsdPerMonth)),
      ]),
    ),
    ...(latest.length < ledger.length ? [note(`${ledger.length - latest.length} older ones are in report.json.`)] : []),
  ].join('\n');
};
