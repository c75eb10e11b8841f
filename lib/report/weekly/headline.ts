import { leastHistoryHours } from '../plan/plan-settings.ts';
import type { ServiceStory } from './service-story.ts';
import type { SpendLine } from './spend.ts';
import type { WeeklyReport } from './weekly-report.ts';
import { attained, money, share, whole } from './words.ts';

/** The report in three sentences: what it cost, what it kept, what to do next. */
export const headlines = (report: WeeklyReport): readonly string[] => {
  const { services, plan, historyHours } = report;
  if (isEmpty(report)) return [nothingHere];
  return [
    spent(report),
    ...inNoSum(services),
    ...kept(services),
    ...saved(services),
    ...(historyHours < leastHistoryHours ? ['Advice wants a day of history at least.'] : [next(plan)]),
  ];
};

const isEmpty = ({ services, spend, plan }: WeeklyReport): boolean =>
  services.length === 0 && spend.lines.length === 0 && plan.unpriced.length === 0;

const nothingHere =
  'There is nothing to tell: no services, instances, databases or caches were found, or none could be read (see below).';

/** Services first, for they have jobs; what else there is follows with its own sum. */
const spent = ({ services, spend, from, to }: WeeklyReport): string => {
  const hours = (to - from) / 3600;
  const when = hours === 168 ? 'The week' : `The window of ${whole(hours)} h`;
  const others = spend.lines.filter(
    ({ of }) => of === 'ec2' || of === 'rds' || of === 'elasticache' || of === 'orphan',
  );
  const otherUsd = others.reduce((sum, { usd }) => sum + usd, 0);
  const count = others.reduce((sum, line) => sum + line.count, 0);
  const rest = count === 0 ? undefined : `${money(otherUsd)} for ${listed(others.map(nameOf))}`;
  if (services.length === 0) {
    return rest === undefined
      ? `What ${when.toLowerCase()} cost is not known: there are no services in it, and nothing else has a known price.`
      : `${when} cost ${rest}. No service of Sluice is in it.`;
  }
  if (services.every(({ usd }) => usd === undefined)) {
    return rest === undefined
      ? `What ${when.toLowerCase()} cost is not known.`
      : `${when} cost ${rest}, services aside.`;
  }
  const jobs = services.reduce((sum, service) => sum + service.jobs, 0);
  const usd = services.reduce((sum, service) => sum + (service.usd ?? 0), 0);
  return `${when} cost ${money(usd)} for ${whole(jobs)} jobs${change(services, usd)}${rest === undefined ? '' : `, and ${rest}`}.`;
};

/** Of the services that both weeks know. */
const change = (services: readonly ServiceStory[], usd: number): string => {
  const before = services.reduce((sum, service) => sum + (service.previousUsd ?? 0), 0);
  const percent = before > 0 ? 100 * (usd / before - 1) : 0;
  return Math.abs(percent) < 1
    ? ''
    : `, ${share(Math.abs(percent))} ${percent > 0 ? 'more' : 'less'} than the week before`;
};

const nameOf = ({ of, count }: SpendLine): string => {
  const [one, many] = {
    ec2: ['EC2 instance', 'EC2 instances'],
    rds: ['database', 'databases'],
    elasticache: ['cache', 'caches'],
    orphan: ['unused resource', 'unused resources'],
    fargate: ['service', 'services'],
    beside: ['extra', 'extras'],
    commitments: ['commitment', 'commitments'],
  }[of] as [string, string];
  return `${count} ${count === 1 ? one : many}`;
};

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** A sum that leaves something out says so beside it. */
const inNoSum = (services: readonly ServiceStory[]): readonly string[] => {
  const unknown = services.filter(({ usd }) => usd === undefined).map(({ name }) => name);
  return unknown.length === 0
    ? []
    : [
        `Not in it, for nobody knows what it cost: ${unknown.length <= 5 ? listed(unknown) : `${unknown.length} of ${services.length} services`}.`,
      ];
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
  const replayed = services.flatMap(({ replay, slo }) =>
    replay?.ran.usd === undefined ? [] : [{ replay, usd: replay.ran.usd, percent: slo?.percent ?? 0 }],
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
  const all = services.every(
    ({ replay, usd: told }) => replay !== undefined && Math.abs((replay.ran.usd ?? 0) - (told ?? 0)) < 0.005,
  );
  return [
    `On the same arrivals ${all ? '' : `(those replayed, of hours that cost ${money(usd)}) `}the best fixed fleet would have cost ${rival('static')}, AWS target tracking ${rival('targetTracking')}.`,
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
