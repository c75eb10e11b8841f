import type { EpochSeconds } from '../model/units.ts';
import { describeError } from '../observe/time-box.ts';
import { mailBytesMax, renderReportHtml } from '../report/weekly/render-html.ts';
import { renderReportText } from '../report/weekly/render-text.ts';
import { subjectOf } from '../report/weekly/subject.ts';
import type { WeeklyReport } from '../report/weekly/weekly-report.ts';
import type { ReportMessage } from './channel.ts';
import type { ReportOutcome, ReportRun } from './run-report.ts';

/**
 * Sends it to every channel that has not got it. One that fails takes none from the others; a mark that cannot be written
 * counts as a failure too, so that somebody hears of the second mail that may follow.
 */
export const deliver = async (
  run: Pick<ReportRun, 'channels' | 'items' | 'linkTo'>,
  report: WeeklyReport,
  week: string,
  keyOf: (file: string) => string,
  now: EpochSeconds,
): Promise<Pick<ReportOutcome, 'sent' | 'failed'>> => {
  const has = await run.items.sentTo(week);
  const message = messageOf(report, (file) => run.linkTo(keyOf(file)));
  const sent: string[] = [];
  const failed: ReportOutcome['failed'][number][] = [];
  for (const channel of run.channels.filter(({ name }) => !has.has(name))) {
    try {
      await channel.send(message);
      await run.items.markSent(week, channel.name, now);
      sent.push(channel.name);
    } catch (error) {
      failed.push({ channel: channel.name, because: describeError(error) });
    }
  }
  return { sent, failed };
};

const messageOf = (report: WeeklyReport, linkTo: (file: string) => string): ReportMessage => {
  const links = [
    { title: 'This report', href: linkTo('report.html') },
    { title: 'as JSON', href: linkTo('report.json') },
    { title: 'its advice as CSV', href: linkTo('report.csv') },
  ];
  return {
    subject: subjectOf(report),
    html: renderReportHtml(report, { links, bytesMax: mailBytesMax }),
    text: `${renderReportText(report)}\n${links.map(({ title, href }) => `${title}: ${href}`).join('\n')}\n`,
  };
};
