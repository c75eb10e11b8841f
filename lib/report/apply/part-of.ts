import {
  type AppliedBounds,
  type AppliedMark,
  type AppliedSchedule,
  type AppliedSize,
  allHours,
} from '../../model/applied.ts';
import { type ServicePlan, sizeKey, type TaskSize } from '../../model/plan.ts';
import { isWithin } from '../../schedule/applied-plan.ts';
import { configuredMark } from '../../schedule/configured-mark.ts';
import type { Change } from '../plan/advice.ts';
import { sizeWords } from './in-force.ts';

/** What a recommendation becomes when it is applied. */
export type MadePart = {
  /** Mark of the configured fields under it. */
  readonly fields: string;
  /** What is in force then, in words. */
  readonly words: string;
  /** Present: it would change nothing, and why. */
  readonly isIdle?: string;
} & (
  | { readonly part: 'schedule'; readonly values: Omit<AppliedSchedule, keyof AppliedMark> }
  | { readonly part: 'size'; readonly values: Omit<AppliedSize, keyof AppliedMark> }
  | { readonly part: 'minMax'; readonly values: Omit<AppliedBounds, keyof AppliedMark> }
);

/**
 * Undefined: it is nothing that can be laid over a config and taken back.
 * @param least no minimum goes below it
 */
export const partOf = (change: Change, plan: ServicePlan, least: number): MadePart | undefined => {
  if (change.to === 'bounds') return boundsPart(change, plan, least);
  if (change.to === 'size') return sizePart(change.size, plan);
  if (change.to !== 'minimums') return undefined;
  const { from, until, business, offHours, rest, holiday, timeZone = plan.calendar.timeZone } = change;
  const lowest = Math.min(business, offHours, rest, holiday ?? rest);
  const highest = Math.max(
    plan.tasks.min,
    ...plan.schedule.map(({ tasks }) => (tasks?.exact === undefined ? (tasks?.min ?? 0) : 0)),
  );
  const isIdle = lowest >= highest || least >= highest;
  return {
    part: 'schedule',
    fields: configuredMark(plan, 'schedule'),
    values: {
      from,
      until,
      business: Math.ceil(business),
      offHours: Math.ceil(offHours),
      rest: Math.ceil(rest),
      ...(holiday === undefined ? {} : { holiday: Math.ceil(holiday) }),
      timeZone,
    },
    words:
      `Minimums are ${business} on working days ${clock(from)} to ${clock(until)}, ${offHours} in their other hours ` +
      `and ${rest} on days off${holiday === undefined ? '' : `, ${holiday} on holidays`} (${timeZone})${least > lowest ? `, never below ${least}` : ''}.`,
    ...(isIdle ? { isIdle: `no minimum may go below ${least} ("tasks.appliedMin")` } : {}),
  };
};

/** By hand the size changes at once: whoever says so knows the hour. Its run times are not predicted, so only memory and starts are watched. */
const sizePart = (size: TaskSize, plan: ServicePlan): MadePart | undefined => {
  if (!isWithin(plan, size)) return undefined;
  const { cpu, memoryMiB } = plan.worker;
  return {
    part: 'size',
    fields: configuredMark(plan, 'size'),
    values: { size, before: { cpu, memoryMiB }, from: 0, quietHours: allHours, timeZone: plan.calendar.timeZone },
    words: `Tasks of ${sizeWords(size)} instead of ${sizeWords({ cpu, memoryMiB })}, task by task from now on.`,
    ...(sizeKey(size) === sizeKey(plan.worker) ? { isIdle: 'it is the size of the config' } : {}),
  };
};

const boundsPart = (
  { min, max }: { readonly min?: number; readonly max?: number },
  plan: ServicePlan,
  least: number,
): MadePart => {
  const isIdle =
    Math.max(least, min ?? plan.tasks.min) === plan.tasks.min &&
    Math.min(plan.tasks.max, max ?? plan.tasks.max) === plan.tasks.max;
  return {
    part: 'minMax',
    fields: configuredMark(plan, 'minMax'),
    values: { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) },
    words: `Outside all windows ${min ?? plan.tasks.min} to ${Math.min(plan.tasks.max, max ?? plan.tasks.max)} tasks instead of ${plan.tasks.min} to ${plan.tasks.max}.`,
    ...(isIdle
      ? { isIdle: `no minimum may go below ${least} ("tasks.appliedMin"), and no maximum above the configured one` }
      : {}),
  };
};

const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;
