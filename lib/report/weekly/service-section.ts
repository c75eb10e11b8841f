import type { Series } from '../usage/usage.ts';
import { bars } from './bars.ts';
import { alertBox, figures, heading, note, paragraph, table, text } from './mail-html.ts';
import type { MoneyUse, ServiceStory } from './service-story.ts';
import type { WeeklyReport } from './weekly-report.ts';
import { attained, hourOf, hoursToMidnight, money, share, weekdayOf, whole } from './words.ts';

/** The week of one service. */
export const serviceSection = (story: ServiceStory, report: WeeklyReport): string =>
  [
    heading(text(story.name), 2),
    note(text(`In ${story.region}${story.owner === undefined ? '' : `, owner ${story.owner}`}.`)),
    figures([
      ...(story.usd === undefined ? [] : [['Cost', money(story.usd)] as const]),
      ['Jobs', whole(story.jobs)],
      ...(story.usdPerJob === undefined ? [] : [['A thousand jobs', money(1000 * story.usdPerJob)] as const]),
      ...(story.slo?.attainedPercent === undefined
        ? []
        : [
            [
              `In ${story.slo.startWithinSeconds} s, of ${story.slo.percent} %`,
              attained(story.slo.attainedPercent),
            ] as const,
          ]),
      ...(story.slo?.errorBudgetUsedPercent === undefined
        ? []
        : [['Error budget used', budget(story.slo.errorBudgetUsedPercent)] as const]),
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
    ...missing(story).map((words) => alertBox(text(words), false)),
    ...hourly(story.jobsByHour, (peak) => `Jobs by hour, at most ${whole(peak)}`, report),
    ...hourly(story.tasks, (peak) => `Tasks by hour, at most ${peak.toFixed(1)}`, report, '#5f6b7a'),
    ...(story.money === undefined ? [] : [moneyTable(story.money)]),
    ...replayTables(story),
    ...demand(story, report),
  ].join('\n');

/** A promise of 100 % has no budget: the first late job is more than all of it. */
const budget = (percent: number): string => (Number.isFinite(percent) ? share(percent) : 'there is none');

/** All services in one table, a row each, the dearest first. */
export const serviceList = ({ services }: WeeklyReport, someAreLeftOut: boolean): string =>
  [
    heading('All services', 2),
    table(
      [
        { title: 'Service' },
        { title: 'Cost', right: true },
        { title: 'Jobs', right: true },
        { title: 'In time', right: true },
      ],
      services
        .toSorted((a, b) => (b.usd ?? 0) - (a.usd ?? 0))
        .slice(0, rowsMax)
        .map(({ name, usd, jobs, slo }) => [
          text(name),
          usd === undefined ? 'no price' : text(money(usd)),
          text(whole(jobs)),
          slo?.attainedPercent === undefined ? '–' : text(`${attained(slo.attainedPercent)} of ${slo.percent} %`),
        ]),
    ),
    ...(services.length > rowsMax ? [note(`${services.length - rowsMax} more are in report.json.`)] : []),
    ...(someAreLeftOut ? [note('What is not told below is in the full report.')] : []),
  ].join('\n');

const rowsMax = 100;

/** Numbers that are not there, so that nobody takes their absence for good news. */
const missing = ({ usd, tasks, jobsByHour, slo }: ServiceStory): readonly string[] => [
  ...(usd === undefined
    ? [
        tasks.every((count) => count === null)
          ? 'Nobody saw its tasks: what it cost is not known, and in no sum.'
          : 'No price is known for its size in its Region: its cost is in no sum.',
      ]
    : []),
  ...gap(tasks, 'Tasks'),
  ...(jobsByHour.length === 0 ? ['Nobody counted its jobs.'] : gap(jobsByHour, 'Jobs')),
  ...(slo !== undefined && slo.attainedPercent === undefined && jobsByHour.length > 0
    ? ['Nobody counted late jobs: whether the promise was kept is not known.']
    : []),
];

const gap = (values: Series, what: string): readonly string[] => {
  const known = values.filter((value) => value !== null).length;
  return known === values.length
    ? []
    : [`${what} are known for ${known} of ${values.length} hours; the sums are of those.`];
};

const hourly = (
  values: Series,
  label: (peak: number) => string,
  { from, timeZone }: WeeklyReport,
  colour?: string,
): readonly string[] =>
  values.length < 2
    ? []
    : [
        bars({
          values,
          label: label(most(values)),
          ...(colour === undefined ? {} : { colour }),
          marks: values.length <= 24 ? [] : days(from, values.length, timeZone),
        }),
      ];

/** The days of a window: where each begins in it. A piece of a day too narrow for its name gets none. */
const days = (from: number, hours: number, timeZone: string): readonly { title: string; values: number }[] => {
  const marks: { title: string; values: number }[] = [];
  for (let hour = 0; hour < hours; ) {
    const at = from + hour * 3600;
    const values = Math.min(hours - hour, hoursToMidnight(at, timeZone));
    marks.push({ title: values < 12 ? '' : weekdayOf(at, timeZone), values });
    hour += values;
  }
  return marks;
};

const most = (values: Series): number => Math.max(0, ...values.map((value) => value ?? 0));

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

const replayTables = ({ replay, noReplay, slo: promise }: ServiceStory): readonly string[] => {
  if (replay === undefined) return [note(text(`Not compared with other policies: ${noReplay ?? ''}`))];
  const { slo, targetTracking, promises, ran } = replay;
  const row = (name: string, of: { readonly usd: number; readonly attainedPercent: number }): readonly string[] => [
    name,
    text(money(of.usd)),
    text(attained(of.attainedPercent)),
  ];
  return [
    table(
      [
        {
          title: `The same ${whole(replay.hours)} h of arrivals${replay.what === 'busiestDay' ? ' (the busiest day)' : ''} under`,
        },
        { title: 'Cost', right: true },
        { title: 'In time', right: true },
      ],
      [
        ...(ran.usd === undefined
          ? []
          : [
              [
                'What ran',
                text(money(ran.usd)),
                ran.attainedPercent === undefined ? '–' : text(attained(ran.attainedPercent)),
              ],
            ]),
        row('Sluice, replayed', slo),
        row('The best fixed fleet, found afterwards', replay.static),
        row('AWS target tracking', targetTracking),
      ],
    ),
    table(
      [{ title: 'The price of the promise' }, { title: 'A month', right: true }, { title: 'In time', right: true }],
      promises.map(({ startWithinSeconds, usdPerMonth, attainedPercent }) => [
        text(
          `Start within ${startWithinSeconds} s${startWithinSeconds === promise?.startWithinSeconds ? ' (today)' : ''}`,
        ),
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
