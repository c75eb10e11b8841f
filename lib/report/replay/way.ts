import type { ScheduleWindow, ServicePlan, TaskBounds } from '../../model/plan.ts';
import type { Behavior, Policy } from '../../model/policy.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { dateOf } from '../../schedule/local-day.ts';
import { localSeconds } from '../../schedule/zone-clock.ts';
import { planFor } from '../../simulate/baselines/plan-for.ts';
import { plannedScaler } from '../../simulate/baselines/planned-scaler.ts';
import type { Situation } from '../../simulate/baselines/situation.ts';
import { staticSetting } from '../../simulate/baselines/static.ts';
import type { Scaler } from '../../simulate/scaler.ts';
import type { FargateUsage } from '../usage/usage.ts';

/** One way of scaling a service. */
export interface Way {
  /** `recorded`: the counts that really were, whatever set them. */
  readonly policy: Policy | 'recorded';
  readonly behavior?: Behavior;
  readonly max: number;
  /** Least tasks by hour of the window. */
  readonly minimum: Float64Array;
}

export interface WayContext {
  readonly usage: FargateUsage;
  /** Of the window. */
  readonly from: EpochSeconds;
  readonly timeZone: string;
  readonly situation: Situation;
}

/** A fresh scaler for the hours `first` to `last` of the window, `last` exclusive. */
export const scalerOf = (way: Way, context: WayContext, first: number, last: number): Scaler => {
  if (way.policy === 'recorded') return recordedScaler(context.usage, first);
  const levels = way.minimum.subarray(first, last);
  const bounds = boundsOf(way, levels);
  if (bounds.min === bounds.max && levels.every((level) => level === bounds.min)) {
    return staticSetting(bounds.max).create();
  }
  const plan = planFor({ ...context.situation, bounds }, way.policy);
  return plannedScaler(
    {
      ...plan,
      ...(way.behavior === undefined ? {} : { behavior: way.behavior }),
      calendar: { timeZone: context.timeZone, holidays: [] },
      schedule: levels.every((level) => level === bounds.min) ? [] : windowsOf(way, context, first, last),
      ...priorsOf(context.usage),
      unwatched: true,
    },
    context.situation.startEpoch,
  );
};

const boundsOf = ({ max }: Way, levels: Float64Array): TaskBounds => {
  const min = levels.reduce((least, level) => Math.min(least, level), Number.POSITIVE_INFINITY);
  return { min, max: Math.max(max, min) };
};

/** What weeks at work have taught a service is known at the start of a replay too. */
const priorsOf = ({ serviceSeconds, startSeconds }: FargateUsage): Pick<ServicePlan, 'priors'> => ({
  priors: {
    ...(serviceSeconds === undefined ? {} : { serviceSeconds: serviceSeconds.mean }),
    startDelaySeconds: startSeconds,
  },
});

/** The minimums as windows of a schedule, so that what the tick does before a window begins is played too. */
const windowsOf = (
  { minimum }: Way,
  { from, timeZone }: WayContext,
  first: number,
  last: number,
): readonly ScheduleWindow[] => {
  const windows: ScheduleWindow[] = [];
  for (let h = first; h < last; h++) {
    const local = localSeconds(timeZone, from + h * 3600);
    const date = dateOf(Math.floor(local / 86_400));
    const minute = Math.floor((local % 86_400) / 60);
    const min = minimum[h] as number;
    const before = windows.at(-1);
    if (before?.dates?.[0] === date && before.tasks?.min === min && before.toMinute === minute) {
      windows[windows.length - 1] = { ...before, toMinute: minute + 60 };
    } else {
      const name = `${date} ${minute}`;
      windows.push({ name, days: 'every', dates: [date], fromMinute: minute, toMinute: minute + 60, tasks: { min } });
    }
  }
  return windows;
};

const recordedScaler = ({ hourly }: FargateUsage, first: number): Scaler => ({
  tickSeconds: 60,
  bounds: { min: 0, max: hourly.tasks.reduce((most: number, tasks) => Math.max(most, Math.ceil(tasks ?? 0)), 1) },
  decide: ({ t }) => {
    const tasks = hourly.tasks[first + Math.floor(t / 3600)];
    return tasks === null || tasks === undefined ? undefined : Math.round(tasks);
  },
});
