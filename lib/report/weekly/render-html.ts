import { calibrationOf } from '../ledger/ledger.ts';
import type { Recommendation } from '../plan/advice.ts';
import { nameOf } from '../plan/commitment-advice.ts';
import type { CommitmentOption } from '../plan/commitment-option.ts';
import { headlines } from './headline.ts';
import { alertBox, bars, code, figures, heading, linkLine, note, page, paragraph, table, text } from './mail-html.ts';
import { serviceSection } from './service-section.ts';
import type { WeeklyReport } from './weekly-report.ts';
import { dayOf, money, share, whole } from './words.ts';

/** Where else the report is, for the mail: the page itself points nowhere. */
export interface ReportLink {
  readonly title: string;
  readonly href: string;
}

/** The report as one HTML page that a mail program, a browser and a printer show. */
export const renderReportHtml = (report: WeeklyReport, links: readonly ReportLink[] = []): string => {
  const title = titleOf(report);
  return page(
    title,
    [
      heading(text(title), 1),
      ...headlines(report).map((sentence, i) => paragraph(text(sentence), i === 0 ? 'font-size:18px;' : '')),
      keyFigures(report),
      ...(links.length === 0 ? [] : [linkLine(links)]),
      warningsSection(report),
      planSection(report),
      commitmentSection(report),
      ledgerSection(report),
      ...report.services.map((service) => serviceSection(service, report)),
      footnotes(report),
    ].join('\n'),
  );
};

export const titleOf = ({ from, to, timeZone }: WeeklyReport): string =>
  `Sluice, ${dayOf(from, timeZone)} to ${dayOf(to - 1, timeZone)}`;

const keyFigures = ({ plan, services, ownUsd }: WeeklyReport): string =>
  figures([
    ['A month at this rate', money(plan.usdPerMonthBefore)],
    ['After the plan', money(plan.usdPerMonthAfter)],
    ['Jobs this week', whole(services.reduce((sum, { jobs }) => sum + jobs, 0))],
    ...(ownUsd === undefined ? [] : [['Sluice itself, this week', money(ownUsd)] as const]),
  ]);

const warningsSection = ({ plan }: WeeklyReport): string =>
  plan.warnings.length === 0
    ? ''
    : [
        heading('What has too little', 2),
        ...plan.warnings.map(({ resource, text: words, remedy, usdPerMonth, severity, owner }) =>
          alertBox(
            `<b>${text(resource)}</b>${owner === undefined ? '' : ` (${text(owner)})`}: ${text(words)} <br>${text(remedy)}${
              usdPerMonth === undefined ? '' : ` It would cost ${text(money(usdPerMonth))} a month more.`
            }`,
            severity === 'critical',
          ),
        ),
      ].join('\n');

const planSection = ({ plan }: WeeklyReport): string => {
  const { recommendations, minor } = plan;
  if (recommendations.length === 0 && minor.count === 0) return '';
  const rows = [
    ['Today', '', text(money(plan.usdPerMonthBefore))],
    ...recommendations.map((line, i) => [
      `${i + 1}. ${text(line.title)}`,
      text(`${line.risk} risk, ${line.effort} effort, ${line.confidence} confidence`),
      `−${text(money(line.usdPerMonth))}`,
    ]),
    ...(minor.count > 0
      ? [
          [
            `${minor.count} small change${minor.count === 1 ? '' : 's'}`,
            'below the threshold for a line',
            `−${text(money(minor.usdPerMonth))}`,
          ],
        ]
      : []),
    ['After all of them', '', text(money(plan.usdPerMonthAfter))],
  ];
  return [
    heading('What to change next', 2),
    note(
      'In the order in which to do it. Each line is what it saves after those above it, so they add up. Figures per month of 730 hours.',
    ),
    table([{ title: 'Change' }, { title: 'How sure' }, { title: 'A month', right: true }], rows, true),
    ...recommendations.map(recommendation),
  ].join('\n');
};

const recommendation = (line: Recommendation, i: number): string =>
  [
    heading(`${i + 1}. ${text(line.title)}`, 3),
    ...line.evidence.flatMap((evidence) => [
      paragraph(text(evidence.text)),
      ...(evidence.series === undefined || evidence.series.length < 2
        ? []
        : [bars(evidence.series, 'Figures behind that, oldest first')]),
    ]),
    ...line.patch.map((patch) => code(patch.text)),
    note(
      text(
        `Done alone it would save ${money(line.aloneUsdPerMonth)}. ${line.reversible ? 'To undo' : 'Cannot be undone at once'}: ${line.rollback}${line.owner === undefined ? '' : ` Owner: ${line.owner}.`}`,
      ),
    ),
  ].join('\n');

const commitmentSection = ({ plan }: WeeklyReport): string => {
  const options = plan.commitmentOptions.filter(({ optimalFeeUsdPerHour }) => optimalFeeUsdPerHour > 0);
  if (options.length === 0 && plan.commitNothing === undefined) return '';
  return [
    heading('Commitments, side by side', 2),
    ...(plan.commitNothing === undefined ? [] : [paragraph(`<b>${text(plan.commitNothing)}</b>`)]),
    ...(options.length === 0 ? [] : [optionTable(options)]),
    note(
      'On what the changes above leave. "Best" assumes that the coming weeks are as the past ones; "advised" bears that they are not. Sluice never buys anything.',
    ),
  ].join('\n');
};

const optionTable = (options: readonly CommitmentOption[]): string =>
  table(
    [
      { title: 'Plan' },
      { title: 'Discount', right: true },
      { title: 'Best fee an hour', right: true },
      { title: 'Advised at most', right: true },
      { title: 'Saves a month', right: true },
      { title: 'After cost of capital', right: true },
      { title: 'Pays after', right: true },
    ],
    options.map((option) => [
      text(`${nameOf(option.offer)} (${option.pool === '' ? 'Fargate and EC2' : option.pool})`),
      text(share(100 * option.discount)),
      text(money(option.optimalFeeUsdPerHour)),
      text(money(option.feeUsdPerHour)),
      text(money(option.usdPerMonth)),
      text(money(option.afterCapitalUsdPerMonth)),
      text(`${whole(option.breakEvenHours)} h`),
    ]),
  );

const ledgerSection = ({ ledger }: WeeklyReport): string => {
  if (ledger.length === 0) return '';
  const calibration = calibrationOf(ledger);
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
      [
        { title: 'Advice' },
        { title: 'State' },
        { title: 'Predicted', right: true },
        { title: 'Realised', right: true },
      ],
      ledger.map((entry) => [
        text(entry.title),
        text(entry.state),
        text(money(entry.predictedUsdPerMonth)),
        entry.realisedUsdPerMonth === undefined ? '–' : text(money(entry.realisedUsdPerMonth)),
      ]),
    ),
  ].join('\n');
};

const footnotes = ({ prices, plan, reconciliation, unavailable, historyHours, timeZone }: WeeklyReport): string =>
  [
    heading('What this rests on', 2),
    note(
      text(
        `${whole(historyHours / 24)} days of history. Prices in USD of ${prices.date}: ${prices.source}. Times in ${timeZone}.`,
      ),
    ),
    ...(reconciliation === undefined
      ? []
      : [
          note(
            text(
              `Our sum of the window is ${money(reconciliation.computedUsd)}, the bill says ${money(reconciliation.billedUsd)}: ${
                Math.abs(reconciliation.gapPercent) <= 5 ? 'they agree' : 'the gap is'
              } ${Math.abs(reconciliation.gapPercent) <= 5 ? `within ${share(Math.abs(reconciliation.gapPercent))}` : share(Math.abs(reconciliation.gapPercent))}.`,
            ),
          ),
        ]),
    ...(plan.unpriced.length === 0
      ? []
      : [note(text(`No price is known for ${plan.unpriced.join(', ')}: in no sum above.`))]),
    ...(plan.unusedFeesUsdPerMonth < 0.01
      ? []
      : [
          note(
            text(
              `After the plan ${money(plan.unusedFeesUsdPerMonth)} a month of the commitments held today would find no use; until they end, that part of a saving is not cash.`,
            ),
          ),
        ]),
    ...unavailable.map(({ source, because, needs }) => note(text(`Not read: ${source} (${because}). Needs ${needs}.`))),
  ].join('\n');
