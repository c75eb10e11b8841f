import { adviceSection } from './advice-section.ts';
import { appliedSection } from './applied-section.ts';
import { commitmentSection } from './commitment-section.ts';
import { footnotes } from './footnotes.ts';
import { headlines } from './headline.ts';
import { ledgerSection } from './ledger-section.ts';
import { alertBox, figures, heading, linkLine, note, page, paragraph, text } from './mail-html.ts';
import { serviceList, serviceSection } from './service-section.ts';
import { spendSection } from './spend-section.ts';
import type { WeeklyReport } from './weekly-report.ts';
import { dayOf, money, whole, yearOf } from './words.ts';

/** Where else the report is, for the mail: the page itself points nowhere. */
export interface ReportLink {
  readonly title: string;
  readonly href: string;
}

export interface HtmlOptions {
  readonly links?: readonly ReportLink[];
  /** Detail is left out, never a total, until it fits. Absent: everything is told. */
  readonly bytesMax?: number;
}

/** Gmail shows the first 102 KB of a mail and hides the rest behind a link. */
export const mailBytesMax = 100_000;

/** The report as one HTML page that a mail program, a browser and a printer show. */
export const renderReportHtml = (report: WeeklyReport, { links = [], bytesMax }: HtmlOptions = {}): string => {
  for (const detail of details) {
    const html = render(report, links, detail);
    if (bytesMax === undefined || new TextEncoder().encode(html).length <= bytesMax) return html;
  }
  return render(report, links, least);
};

/** How many of each are told at length; the others are a row, or a count. */
interface Detail {
  readonly services: number;
  readonly advice: number;
  readonly rows: number;
}

const least: Detail = { services: 0, advice: 0, rows: 10 };
const everything = Number.POSITIVE_INFINITY;
const details: readonly Detail[] = [
  { services: everything, advice: everything, rows: everything },
  { services: 8, advice: 15, rows: 60 },
  { services: 4, advice: 8, rows: 40 },
  { services: 2, advice: 4, rows: 25 },
  { services: 0, advice: 2, rows: 15 },
];

const render = (report: WeeklyReport, links: readonly ReportLink[], detail: Detail): string => {
  const title = titleOf(report);
  const dearest = report.services.toSorted((a, b) => (b.usd ?? 0) - (a.usd ?? 0)).slice(0, detail.services);
  return page(
    title,
    [
      heading(text(title), 1),
      ...headlines(report).map((sentence, i) => paragraph(text(sentence), i === 0 ? 'font-size:18px;' : '')),
      keyFigures(report),
      note(text(amounts(report))),
      ...(links.length === 0 ? [] : [linkLine(links)]),
      warningsSection(report, detail.rows),
      spendSection(report),
      adviceSection(report, { listed: detail.rows, detailed: detail.advice }),
      appliedSection(report),
      commitmentSection(report, Math.min(detail.rows, 20)),
      ledgerSection(report, detail.rows),
      ...(report.services.length > 3 || dearest.length < report.services.length
        ? [serviceList(report, dearest.length < report.services.length)]
        : []),
      ...report.services.filter((one) => dearest.includes(one)).map((service) => serviceSection(service, report)),
      footnotes(report, detail.rows),
    ].join('\n'),
  );
};

/** Two hours inside: a week that begins or ends by the clocks of UTC, or when they change, is told by its own days. */
export const titleOf = ({ from, to, timeZone }: WeeklyReport): string => {
  const inside = Math.min(7200, (to - from) / 4);
  const [first, last] = [dayOf(from + inside, timeZone), dayOf(to - inside, timeZone)];
  return `Sluice, ${first === last ? first : `${first} to ${last}`} ${yearOf(to - inside, timeZone)}`;
};

/** No sum is worth anything without its currency, its place and its day. */
const amounts = ({ currency, regions, prices }: WeeklyReport): string =>
  `All amounts in ${currency}${regions.length === 0 ? '' : `, ${regions.length > 6 ? `${regions.length} Regions` : regions.join(', ')}`}, prices of ${prices.date}.`;

const keyFigures = ({ plan, services, ownUsd }: WeeklyReport): string =>
  figures([
    ['A month at this rate', money(plan.usdPerMonthBefore)],
    ['After the plan', money(plan.usdPerMonthAfter)],
    ...(services.length === 0 ? [] : [['Jobs', whole(services.reduce((sum, { jobs }) => sum + jobs, 0))] as const]),
    ...(ownUsd === undefined ? [] : [['Sluice itself', money(ownUsd)] as const]),
  ]);

const warningsSection = ({ plan }: WeeklyReport, rows: number): string =>
  plan.warnings.length === 0
    ? ''
    : [
        heading('What has too little', 2),
        ...plan.warnings
          .slice(0, rows)
          .map(({ resource, text: words, remedy, usdPerMonth, severity, owner }) =>
            alertBox(
              `<b>${text(resource)}</b>${owner === undefined ? '' : ` (${text(owner)})`}: ${text(words)}<br>Remedy: ${text(remedy)}${
                usdPerMonth === undefined ? '' : ` It would cost ${text(money(usdPerMonth))} a month more.`
              }`,
              severity === 'critical',
            ),
          ),
        ...(plan.warnings.length > rows ? [note(`${plan.warnings.length - rows} more are in report.json.`)] : []),
      ].join('\n');
