import type { Percent, Seconds } from '../../model/units.ts';
import { hoursAlike } from '../replay/hours-alike.ts';
import type { Promised } from '../replay/play-day.ts';
import type { PlayedWay } from '../replay/replays.ts';
import type { PlanContext } from './plan-context.ts';
import { type FargateState, sameShare } from './resource.ts';
import { seenHours } from './series.ts';
import { taskNeed } from './task-need.ts';
import { isBySlo, isFixed, wayOf } from './way-of.ts';

/** A service under what scales it today and under `slo`, on the same arrivals. */
export interface ComparedPolicies {
  readonly promise: Promised;
  /** The service has no objective: this one was taken for it. */
  readonly assumed: boolean;
  readonly own: PlayedWay;
  readonly slo: PlayedWay;
  /** The promise is kept, or broken no more than today. */
  readonly holds: boolean;
  readonly after: FargateState;
}

/** Undefined: it is on `slo` already, or there is nothing to replay. */
export const comparePolicies = (state: FargateState, context: PlanContext): ComparedPolicies | undefined => {
  const { usage } = state;
  if (isBySlo(state) && !isFixed(state)) return undefined;
  if (seenHours(usage.hourly.tasks) < context.settings.minHistoryDays * 24) return undefined;
  const promise = usage.slo ?? promiseOfToday(state, context);
  const own = promise && context.play(usage, wayOf(state), promise, state.slowdown);
  if (promise === undefined || own === undefined) return undefined;
  let best: ComparedPolicies | undefined;
  for (const bounds of boundsToTry(state, context)) {
    const slo = context.play(usage, { policy: { type: 'slo' }, ...bounds }, promise, state.slowdown);
    if (slo === undefined) break;
    const holds = slo.attainedPercent >= Math.min(promise.percent, own.attainedPercent);
    const found = { promise, assumed: usage.slo === undefined, own, slo, holds, after: under(state, bounds, slo) };
    if (best === undefined || isBetter(found, best)) best = found;
    if (holds && !isFixed(state)) break;
    if (holds && best !== found) break;
  }
  return best;
};

const isBetter = (a: ComparedPolicies, b: ComparedPolicies): boolean =>
  a.holds !== b.holds
    ? a.holds
    : a.holds
      ? a.slo.taskHours < b.slo.taskHours
      : a.slo.attainedPercent > b.slo.attainedPercent;

interface Bounds {
  readonly minimum: Float64Array;
  readonly max: number;
}

/** Its own bounds first; a fleet that stood still gets some, and one that its maximum holds back gets room. */
const boundsToTry = (state: FargateState, context: PlanContext): readonly Bounds[] => {
  const { minimum, max } = state;
  if (!isFixed(state)) return [max, 2 * max].map((most) => ({ minimum, max: most }));
  const need = taskNeed(state.usage, context.usage.hours, state.slowdown) ?? new Float64Array();
  const least = Math.min(
    max,
    need.reduce((lowest, tasks) => Math.min(lowest, tasks), max),
  );
  return [...new Set([0, 1, least])].flatMap((min) =>
    [max, 2 * max].map((most) => ({ minimum: minimum.map(() => min), max: most })),
  );
};

const under = (state: FargateState, bounds: Bounds, slo: PlayedWay): FargateState => {
  const like = hoursAlike(slo.hours);
  const { tasks: recorded, jobs } = state.usage.hourly;
  const tasks = state.tasks.map((count, h) => {
    const came = jobs?.[h];
    return recorded[h] === null || came === null || came === undefined
      ? count
      : like(came, bounds.minimum[h] as number);
  });
  const { scaling: _, ...rest } = state;
  return { ...rest, ...bounds, tasks, onDemand: sameShare(state, tasks) };
};

/** What it keeps today, no shorter than a scaler can be asked for. */
const promiseOfToday = (state: FargateState, { play }: PlanContext): Promised | undefined => {
  const own = play(state.usage, wayOf(state), { percent, startWithinSeconds: leastSeconds }, state.slowdown);
  if (own === undefined) return undefined;
  return { percent, startWithinSeconds: niceSeconds.find((s) => s >= own.waitSeconds.p99) ?? own.waitSeconds.p99 };
};

const percent: Percent = 99;
const leastSeconds: Seconds = 60;
const niceSeconds: readonly Seconds[] = [leastSeconds, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];
