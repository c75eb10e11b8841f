import { leastHistoryHours } from '../plan/plan-settings.ts';
import type { ServiceStory } from './service-story.ts';
import type { WeeklyReport } from './weekly-report.ts';
import { attained, money, share, whole } from './words.ts';

/** The report in three sentences: what it cost, what it kept, what to do next. */
export const headlines = ({ services, plan, from, to, historyHours }: WeeklyReport): readonly string[] => [
  spent(services, (to - from) / 3600),
  ...kept(services),
  ...saved(services),
  ...(historyHours < leastHistoryHours ? ['Advice wants a day of history at least.'] : [next(plan)]),
];

const spent = (services: readonly ServiceStory[], hours: number): string => {
  const usd = services.reduce((sum, service) => sum + (service.usd ?? 0), 0);
  const before = services.reduce((sum, service) => sum + (service.previousUsd ?? 0), 0);
  const jobs = services.reduce((sum, service) => sum + service.jobs, 0);
  const change = before > 0 ? 100 * (usd / before - 1) : 0;
  const than =
    before > 0 && Math.abs(change) >= 1
      ? `, ${share(Math.abs(change))} ${change > 0 ? 'more' : 'less'} than the week before`
      : '';
  return `${hours === 168 ? 'The week' : `The window of ${whole(hours)} h`} cost ${money(usd)} for ${whole(jobs)} jobs${than}.`;
};

const kept = (services: readonly ServiceStory[]): readonly string[] => {
  const promised = services.filter(({ slo }) => slo?.attainedPercent !== undefined);
  if (promised.length === 0) return [];
  const broken = promised.filter(({ slo }) => slo !== undefined && (slo.attainedPercent ?? 0) < slo.percent);
  if (broken.length > 0) {
    return [
      `${broken.length} of ${promised.length} promises ${broken.length === 1 ? 'was' : 'were'} broken: ${broken
        .map(({ name, slo }) => `${name} ${attained(slo?.attainedPercent ?? 0)} of ${slo?.percent} %`)
        .join(', ')}.`,
    ];
  }
  return [keptWords[promised.length] ?? `All ${promised.length} promises were kept.`];
};

const keptWords: Readonly<Record<number, string>> = { 1: 'The promise was kept.', 2: 'Both promises were kept.' };

const saved = (services: readonly ServiceStory[]): readonly string[] => {
  const replayed = services.flatMap(({ replay, usd, slo }) =>
    replay && usd !== undefined ? [{ replay, usd, percent: slo?.percent ?? 0 }] : [],
  );
  if (replayed.length === 0) return [];
  const usd = replayed.reduce((sum, service) => sum + service.usd, 0);
  const rival = (name: 'static' | 'targetTracking'): string => {
    const theirs = replayed.reduce((sum, { replay }) => sum + replay[name].usd, 0);
    const broken = replayed.filter(({ replay, percent }) => replay[name].attainedPercent < percent).length;
    const promises =
      broken === 0
        ? ''
        : `, breaking ${broken === replayed.length ? 'every promise' : `${broken} of ${replayed.length} promises`}`;
    return `${money(theirs)} (${difference(usd, theirs)}${promises})`;
  };
  return [
    `On the same arrivals the best fixed fleet would have cost ${rival('static')}, AWS target tracking ${rival('targetTracking')}.`,
  ];
};

const difference = (ours: number, theirs: number): string => {
  const change = ours === 0 ? 0 : 100 * (theirs / ours - 1);
  if (Math.abs(change) < 1) return 'about as much';
  return `${share(Math.abs(change))} ${change > 0 ? 'more than was spent' : 'less than was spent'}`;
};

const next = ({ savingUsdPerMonth, usdPerMonthBefore, recommendations, warnings }: WeeklyReport['plan']): string => {
  if (savingUsdPerMonth < 0.01) {
    return warnings.length > 0
      ? 'There is nothing to save now; see what has too little below.'
      : 'There is nothing to save now: the fleet is as small as its promise allows.';
  }
  const of = `${money(savingUsdPerMonth)} of ${money(usdPerMonthBefore)} a month (${share((100 * savingUsdPerMonth) / usdPerMonthBefore)})`;
  return recommendations.length === 0
    ? `Small changes would save ${of}.`
    : `${recommendations.length} change${recommendations.length === 1 ? '' : 's'} would save ${of}, each counted once.`;
};
