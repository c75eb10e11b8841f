import { appliedLines } from './applied-section.ts';
import { decideCommand } from './decide-command.ts';
import { headlines } from './headline.ts';
import { titleOf } from './render-html.ts';
import type { WeeklyReport } from './weekly-report.ts';
import { attained, money, whole } from './words.ts';

/** The plain-text part of the mail: the same figures, fewer of them. */
export const renderReportText = (report: WeeklyReport): string => {
  const { plan, services, decideWith } = report;
  return [
    titleOf(report),
    '',
    ...headlines(report),
    ...(plan.warnings.length === 0
      ? []
      : ['', 'WHAT HAS TOO LITTLE', ...plan.warnings.map((w) => `- ${w.resource}: ${w.text} ${w.remedy}`)]),
    ...(plan.recommendations.length === 0
      ? []
      : [
          '',
          'WHAT TO CHANGE NEXT (each line after those above it)',
          ...plan.recommendations.map(
            ({ title, id, usdPerMonth }, i) =>
              `${i + 1}. ${title}: ${money(usdPerMonth)} a month${decideWith === undefined ? '' : ` [${id}]`}`,
          ),
          ...(plan.minor.count > 0 ? [`   ${plan.minor.count} small changes: ${money(plan.minor.usdPerMonth)}`] : []),
          `   In all ${money(plan.savingUsdPerMonth)} of ${money(plan.usdPerMonthBefore)} a month.`,
          ...decisions(plan.recommendations[0]?.id, decideWith),
        ]),
    ...appliedLines(report),
    ...(plan.commitNothing === undefined ? [] : ['', plan.commitNothing]),
    '',
    'SERVICES',
    ...services.map(
      ({ name, usd, jobs, slo }) =>
        `- ${name}: ${usd === undefined ? 'no price known' : money(usd)}, ${whole(jobs)} jobs${
          slo?.attainedPercent === undefined
            ? ''
            : `, ${attained(slo.attainedPercent)} within ${slo.startWithinSeconds} s (promised ${slo.percent} %)`
        }`,
    ),
    '',
    `All in ${report.currency}${report.regions.length === 0 ? '' : ` (${report.regions.join(', ')})`}, prices of ${report.prices.date}. ${report.unavailable.map(({ source, needs }) => `Not read: ${source} (needs ${needs}).`).join(' ')}`.trim(),
    '',
  ].join('\n');
};

/** On the first line of the plan, whole: for another one only the id in brackets changes. */
const decisions = (id: string | undefined, decideWith: string | undefined): readonly string[] =>
  id === undefined || decideWith === undefined
    ? []
    : [
        `   To note that a line will be followed: ${decideCommand(decideWith, 'accept', id)}`,
        `   To hear no more of it: ${decideCommand(decideWith, 'dismiss', id)}`,
      ];
