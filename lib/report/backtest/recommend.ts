import type { TaskBounds } from '../../model/plan.ts';
import type { Percent, Seconds, Usd } from '../../model/units.ts';
import { count, duration, usd } from '../run/format.ts';
import { attained, taskHours } from '../simulation/format.ts';

/** One setting that a config can hold, and what came of it. */
export interface Tried {
  readonly policy: 'slo' | 'static';
  /** For `slo`, what it is told to aim at; for `static`, the promise. */
  readonly percent: Percent;
  readonly tasks: TaskBounds;
  readonly kept: boolean;
  readonly attainedPercent: Percent;
  readonly taskHours: number;
  /** The most tasks that ran at once. */
  readonly tasksPeak: number;
}

/** The same policy under another promise. */
export interface Reach {
  readonly startWithinSeconds: Seconds;
  readonly kept: boolean;
  readonly attainedPercent: Percent;
  readonly taskHours: number;
  readonly usd: Usd;
}

export interface Recommendation {
  readonly policy: 'slo' | 'static';
  readonly slo: { readonly percent: Percent; readonly startWithinSeconds: Seconds };
  readonly tasks: TaskBounds;
  readonly kept: boolean;
  readonly attainedPercent: Percent;
  readonly taskHours: number;
  readonly usd: Usd;
  readonly usdPerMonth: Usd;
  /** Against what was recorded. Negative: it takes more. Absent: task counts were not recorded. */
  readonly saved?: { readonly taskHours: number; readonly usdPerMonth: Usd };
  /** The shortest of the promises tried that is kept. Absent: none was, or none was tried. */
  readonly shortestKeptSeconds?: Seconds;
  /** In words, one sentence a line. */
  readonly because: readonly string[];
}

export interface RecommendInput {
  readonly promise: { readonly percent: Percent; readonly startWithinSeconds: Seconds };
  readonly tried: readonly Tried[];
  readonly reach: readonly Reach[];
  /** By the record; and what the same counts keep in the simulator. */
  readonly today?: { readonly taskHours: number; readonly kept: boolean; readonly attainedPercent: Percent };
  /** The cheapest of all policies that kept the promise, by name. */
  readonly cheapest?: { readonly name: string; readonly taskHours: number };
  readonly hours: number;
  readonly usdPerTaskHour: Usd;
  /** The user's own upper bound: never exceeded. */
  readonly max: number;
}

const hoursAMonth = 730;
/** Room above the most that the past needed. */
const headroom = 1.5;

/** The cheapest setting that kept the promise, else the one that came nearest to it. */
export const recommend = (input: RecommendInput): Recommendation => {
  const best = input.tried.toSorted(byMerit)[0];
  if (best === undefined) throw new RangeError('nothing was tried');
  const monthly = (hours: number): Usd => (hours / input.hours) * hoursAMonth * input.usdPerTaskHour;
  const savedHours = input.today === undefined ? undefined : input.today.taskHours - best.taskHours;
  const shortest = input.reach.find(({ kept }) => kept)?.startWithinSeconds;
  return {
    policy: best.policy,
    slo: { ...input.promise, percent: best.percent },
    tasks: boundsFor(best, input.max),
    kept: best.kept,
    attainedPercent: best.attainedPercent,
    taskHours: best.taskHours,
    usd: best.taskHours * input.usdPerTaskHour,
    usdPerMonth: monthly(best.taskHours),
    ...(savedHours !== undefined && { saved: { taskHours: savedHours, usdPerMonth: monthly(savedHours) } }),
    ...(shortest !== undefined && { shortestKeptSeconds: shortest }),
    because: reasons(input, best, savedHours, shortest, monthly),
  };
};

const byMerit = (a: Tried, b: Tried): number => {
  if (a.kept !== b.kept) return a.kept ? -1 : 1;
  return a.kept ? a.taskHours - b.taskHours : b.attainedPercent - a.attainedPercent;
};

const boundsFor = ({ policy, tasks, tasksPeak }: Tried, max: number): TaskBounds =>
  policy === 'static'
    ? tasks
    : { min: tasks.min, max: Math.max(tasks.min, 1, Math.min(max, Math.ceil(headroom * tasksPeak))) };

const reasons = (
  { promise, reach, cheapest, today, max }: RecommendInput,
  best: Tried,
  savedHours: number | undefined,
  shortest: Seconds | undefined,
  monthly: (hours: number) => Usd,
): readonly string[] => {
  const words: string[] = [];
  const within = `${promise.percent} % within ${duration(promise.startWithinSeconds)}`;
  words.push(
    best.kept
      ? `${nameOf(best)} would have kept ${within}: ${attained(best.attainedPercent)}, for ${taskHours(best.taskHours)} task-hours.`
      : `Nothing that was tried keeps ${within}; ${nameOf(best)} comes nearest, with ${attained(best.attainedPercent)}.`,
  );
  if (!best.kept && shortest !== undefined)
    words.push(`What can be kept is ${promise.percent} % within ${duration(shortest)}.`);
  if (best.kept && best.percent !== promise.percent)
    words.push(`It has to aim at ${best.percent} % for that: on this load it falls a little short of what it aims at.`);
  if (savedHours !== undefined && today !== undefined) words.push(againstToday(today, savedHours, monthly(savedHours)));
  if (cheapest !== undefined && cheapest.taskHours < 0.98 * best.taskHours)
    words.push(
      `${cheapest.name} would have kept it for ${taskHours(cheapest.taskHours)} task-hours, ${(100 * (1 - cheapest.taskHours / best.taskHours)).toFixed(0)} % less.`,
    );
  const longer = reach.find(
    ({ kept, startWithinSeconds, taskHours: hours }) =>
      kept && startWithinSeconds > promise.startWithinSeconds && hours < 0.9 * best.taskHours,
  );
  if (longer !== undefined)
    words.push(
      `With ${duration(longer.startWithinSeconds)} instead of ${duration(promise.startWithinSeconds)} it would take ${(100 * (1 - longer.taskHours / best.taskHours)).toFixed(0)} % less.`,
    );
  if (best.policy === 'slo' && headroom * best.tasksPeak > max)
    words.push(`It ran up to ${count(best.tasksPeak)} tasks; your own limit of ${count(max)} leaves little room.`);
  return words;
};

const againstToday = (
  { taskHours: hours, kept, attainedPercent }: NonNullable<RecommendInput['today']>,
  savedHours: number,
  usdAMonth: Usd,
): string => {
  const todays = kept ? 'which keeps the promise too' : `which kept only ${attained(attainedPercent)}`;
  return savedHours >= 0
    ? `That is ${taskHours(savedHours)} task-hours (${((100 * savedHours) / hours).toFixed(0)} %) less than today, about ${usd(usdAMonth)} a month.`
    : `That is ${taskHours(-savedHours)} task-hours more than today, ${todays}: about ${usd(-usdAMonth)} a month.`;
};

const nameOf = ({ policy, tasks }: Tried): string =>
  policy === 'static'
    ? `A fixed fleet of ${count(tasks.min)}`
    : tasks.min === 0
      ? 'slo'
      : `slo with at least ${count(tasks.min)} ${tasks.min === 1 ? 'task' : 'tasks'}`;
