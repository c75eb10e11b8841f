import type { AppliedBounds, AppliedMark, AppliedSchedule } from '../../model/applied.ts';
import type { ServicePlan } from '../../model/plan.ts';
import { configuredMark } from '../../schedule/configured-mark.ts';
import type { Change } from '../plan/advice.ts';

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
  | { readonly part: 'minMax'; readonly values: Omit<AppliedBounds, keyof AppliedMark> }
);

/**
 * Undefined: it is nothing that can be laid over a config and taken back.
 * @param least no minimum goes below it
 */
export const partOf = (change: Change, plan: ServicePlan, least: number): MadePart | undefined => {
  if (change.to === 'bounds') return boundsPart(change, plan, least);
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
