import { bars, figures, heading, note, paragraph, table, text } from './mail-html.ts';
import type { MoneyUse, ServiceStory } from './service-story.ts';
import type { WeeklyReport } from './weekly-report.ts';
import { attained, hourOf, money, share, whole } from './words.ts';

/** The week of one service. */
export const serviceSection = (story: ServiceStory, report: WeeklyReport): string =>
  [
    heading(text(story.name), 2),
    figures([
      ...(story.usd === undefined ? [] : [['Cost', money(story.usd)] as const]),
      ['Jobs', whole(story.jobs)],
      ...(story.usdPerJob === undefined ? [] : [['A thousand jobs', money(1000 * story.usdPerJob)] as const]),
      ...(story.slo?.attainedPercent === undefined
        ? []
        : [
            [
              `In ${story.slo.startWithinSeconds} s`,
              `${attained(story.slo.attainedPercent)} of ${story.slo.percent} %`,
            ] as const,
          ]),
      ...(story.slo?.errorBudgetUsedPercent === undefined
        ? []
        : [['Error budget used', share(story.slo.errorBudgetUsedPercent)] as const]),
    ]),
    ...(story.usd === undefined || story.alsoUsd.length === 0
      ? []
      : [
          note(
            text(
              `In the cost of a job beside tasks and their addresses: ${story.alsoUsd.map(({ what, usd }) => `${what} ${money(usd)}`).join(', ')}.`,
            ),
          ),
        ]),
    ...(story.usd === undefined ? [note('No price is known for its size in its Region.')] : []),
    bars(story.jobsByHour, `Jobs by hour, at most ${whole(most(story.jobsByHour))}`),
    bars(story.tasks, `Tasks by hour, at most ${most(story.tasks).toFixed(1)}`, '#5f6b7a'),
    ...(story.money === undefined ? [] : [moneyTable(story.money)]),
    ...replayTables(story),
    ...demand(story, report),
  ].join('\n');

const most = (values: readonly (number | null)[]): number => Math.max(0, ...values.map((value) => value ?? 0));

const moneyTable = ({ usefulUsd, retriedUsd, startUpUsd, warmIdleUsd }: MoneyUse): string => {
  const total = usefulUsd + retriedUsd + startUpUsd + warmIdleUsd;
  const row = (what: string, usd: number): readonly string[] => [
    what,
    text(money(usd)),
    total === 0 ? '' : text(share((100 * usd) / total)),
  ];
  return table(
    [{ title: 'Where the money went' }, { title: 'USD', right: true }, { title: 'Share', right: true }],
    [
      row('Useful work', usefulUsd),
      row('Work done again (retries)', retriedUsd),
      row('Starting up (at least)', startUpUsd),
      row('Ready and waiting, and scale-in lag', warmIdleUsd),
    ],
  );
};

const replayTables = ({ replay, noReplay, usd }: ServiceStory): readonly string[] => {
  if (replay === undefined) return [note(text(`Not compared with other policies: ${noReplay ?? ''}`))];
  const { slo, targetTracking, promises } = replay;
  const row = (name: string, of: { readonly usd: number; readonly attainedPercent: number }): readonly string[] => [
    name,
    text(money(of.usd)),
    text(attained(of.attainedPercent)),
  ];
  return [
    table(
      [
        { title: `The same arrivals under (${whole(replay.hours)} h)` },
        { title: 'Cost', right: true },
        { title: 'In time', right: true },
      ],
      [
        ...(usd === undefined ? [] : [['what ran', text(money(usd)), '']]),
        row('slo, replayed', slo),
        row('the cheapest fixed fleet, found afterwards', replay.static),
        row('AWS target tracking', targetTracking),
      ],
    ),
    table(
      [{ title: 'The price of the promise' }, { title: 'A month', right: true }, { title: 'In time', right: true }],
      promises.map(({ startWithinSeconds, usdPerMonth, attainedPercent }) => [
        text(`start within ${startWithinSeconds} s`),
        text(money(usdPerMonth)),
        text(attained(attainedPercent)),
      ]),
    ),
  ];
};

const demand = (
  { pattern, forecast, anomalies }: ServiceStory,
  { timeZone, to, historyHours }: WeeklyReport,
): readonly string[] => {
  const at = (hour: number): string => hourOf(to - (historyHours - hour) * 3600, timeZone);
  return [
    ...(pattern === undefined
      ? []
      : [
          paragraph(
            text(
              `On average ${whole(pattern.meanPerHour)} jobs an hour, at most ${whole(pattern.peakPerHour)} (${at(pattern.peakHour)}); variation ${pattern.variation.toFixed(2)}${
                pattern.trendPercentPerWeek === undefined ? '' : `; ${trend(pattern.trendPercentPerWeek)}`
              }.`,
            ),
          ),
        ]),
    ...(forecast === undefined
      ? []
      : [
          paragraph(
            text(
              `Expected next hour: ${whole(forecast.nextHour.expected)} jobs (${whole(forecast.nextHour.low)} to ${whole(forecast.nextHour.high)}); next week: ${whole(forecast.nextWeek.expected)} (${whole(forecast.nextWeek.low)} to ${whole(forecast.nextWeek.high)}). Confidence ${share(100 * forecast.confidence)}.`,
            ),
          ),
        ]),
    ...anomalies
      .slice(0, 5)
      .map(({ hour, jobs, usual }) =>
        note(text(`Unusual: ${whole(jobs)} jobs in the hour of ${at(hour)}, where ${whole(usual)} are usual.`)),
      ),
    ...(anomalies.length > 5 ? [note(text(`…and ${anomalies.length - 5} more unusual hours.`))] : []),
  ];
};

const trend = (percentPerWeek: number): string =>
  Math.abs(percentPerWeek) < 1
    ? 'steady from week to week'
    : `${percentPerWeek > 0 ? 'growing' : 'falling'} ${share(Math.abs(percentPerWeek))} a week`;
