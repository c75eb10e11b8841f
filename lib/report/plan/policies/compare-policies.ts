import type { Percent, Seconds } from '../../../model/units.ts';
import { hoursAlike } from '../../replay/hours-alike.ts';
import type { Promised } from '../../replay/play-day.ts';
import type { PlayedWay } from '../../replay/replays.ts';
import type { PlanContext } from '../plan-context.ts';
import { type FargateState, sameShare } from '../resource.ts';
import { seenHours } from '../series.ts';
import { isLate } from './is-late.ts';
import { keepsWithRoom } from './keeps-with-room.ts';
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
  // What was counted goes before what was replayed.
  const isBroken = own.attainedPercent < promise.percent && (usage.hourly.late === undefined || isLate(usage));
  let best: ComparedPolicies | undefined;
  for (const bounds of roomsFor(state, context)) {
    for (const tried of bounds) {
      const slo = context.play(usage, { policy: { type: 'slo' }, ...tried }, promise, state.slowdown);
      if (slo === undefined) return best;
      const holds = isBroken ? slo.attainedPercent >= own.attainedPercent : keepsWithRoom(slo, promise.percent);
      const found = { promise, assumed: usage.slo === undefined, own, slo, holds, after: under(state, tried, slo) };
      if (best === undefined || isBetter(found, best)) best = found;
    }
    if (best?.holds && best.slo.attainedPercent >= promise.percent) break;
  }
  return best;
};

/** Kept comes before no worse than today, and both before cheap. */
const isBetter = (a: ComparedPolicies, b: ComparedPolicies): boolean => {
  if (rank(a) !== rank(b)) return rank(a) > rank(b);
  return rank(a) === 0 ? a.slo.attainedPercent > b.slo.attainedPercent : a.slo.taskHours < b.slo.taskHours;
};

const rank = ({ holds, slo, promise }: ComparedPolicies): number =>
  holds ? (slo.attainedPercent >= promise.percent ? 2 : 1) : 0;

interface Bounds {
  readonly minimum: Float64Array;
  readonly max: number;
}

/**
 * Its own bounds, and where its maximum holds `slo` back, twice as many. A fleet that stood still gets room below as well.
 * One task that always stands can be cheaper than none: what is late after each quiet spell, the rest of the day must make up for.
 */
const roomsFor = (state: FargateState, context: PlanContext): readonly (readonly Bounds[])[] =>
  [state.max, 2 * state.max].map((max) => minimumsToTry(state, context).map((minimum) => ({ minimum, max })));

const minimumsToTry = (state: FargateState, context: PlanContext): readonly Float64Array[] => {
  const { minimum, max } = state;
  const all = (count: number): Float64Array => minimum.map(() => count);
  if (!isFixed(state)) return minimum.every((level) => level === 0) && max > 0 ? [minimum, all(1)] : [minimum];
  const need = taskNeed(state.usage, context.usage.hours, state.slowdown) ?? new Float64Array();
  const least = need.reduce((lowest, tasks) => Math.min(lowest, tasks), max);
  return [...new Set([0, Math.min(1, max), least])].map(all);
};

/** The service as it was run in a replay, hour by hour of the window. */
export const under = (state: FargateState, bounds: Bounds, played: PlayedWay): FargateState => {
  const like = hoursAlike(played.hours);
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
