import type {
  AppliedBounds,
  AppliedEntry,
  AppliedMark,
  AppliedPart,
  AppliedReading,
  AppliedSchedule,
  AppliedSize,
} from '../model/applied.ts';
import type { AppliedInForce, ServicePlan, TaskBounds, TaskSize } from '../model/plan.ts';
import { configuredMark } from './configured-mark.ts';

/**
 * The plan with what was applied laid over it, for `settingsAt`. The config wins: what was applied to other values than
 * it has now falls away, and so does what the report applied by itself once the config no longer lets it. A maximum
 * never rises above the configured one. The same plan and entry give the same object, so that schedules stay compiled.
 */
export const appliedPlan = (plan: ServicePlan, reading: AppliedReading | undefined): ServicePlan => {
  if (reading === undefined) return plan;
  const known = patched.get(plan);
  if (known?.reading === reading) return known.plan;
  const made = laidOver(plan, reading);
  patched.set(plan, { reading, plan: made });
  return made;
};

const patched = new WeakMap<ServicePlan, { readonly reading: AppliedReading; readonly plan: ServicePlan }>();

const laidOver = (plan: ServicePlan, reading: AppliedReading): ServicePlan => {
  if (reading === 'unknown') return plan.autoSize ? { ...plan, applied: { sizeUnknown: true } } : plan;
  const { schedule, minMax, size } = inForce(plan, reading);
  if (schedule === undefined && minMax === undefined && size === undefined) return plan;
  const applied: AppliedInForce = {
    configured: plan.tasks,
    ...(schedule && { schedule: clampedSchedule(plan, schedule) }),
    ...(minMax && { minMax: clampedMin(plan, minMax) }),
    ...(size && { size }),
  };
  return { ...plan, applied, ...(minMax && { tasks: clampedBounds(plan, minMax) }) };
};

/** The parts of an entry that hold for a plan. */
export const inForce = (plan: ServicePlan, entry: AppliedEntry): Pick<AppliedEntry, AppliedPart> => ({
  ...(entry.schedule && whyNot(plan, 'schedule', entry.schedule) === undefined && { schedule: entry.schedule }),
  ...(entry.minMax && whyNot(plan, 'minMax', entry.minMax) === undefined && { minMax: entry.minMax }),
  ...(entry.size && whyNot(plan, 'size', entry.size) === undefined && { size: entry.size }),
});

/** Why a part of an entry does not hold, in words. Undefined: it does. */
export const whyNot = (plan: ServicePlan, part: AppliedPart, mark: AppliedMark | AppliedSize): string | undefined => {
  if (part === 'size' && plan.autoSize === undefined) return 'the config has no automatic task size any more';
  if ('size' in mark && !isWithin(plan, mark.size)) return 'the size is outside the bounds of "worker.size"';
  if (part !== 'size' && mark.byItself && !plan.apply?.[part])
    return `the config no longer lets the report apply "${part}"`;
  if (mark.fields === configuredMark(plan, part)) return undefined;
  return `the config has other ${part === 'size' ? 'sizes' : 'bounds or windows'} than those that it was made for`;
};

/** What the report does by itself goes no lower than the config says; a person was shown the figures. */
const leastOf = (plan: ServicePlan, { byItself }: AppliedMark): number =>
  byItself ? (plan.apply?.downTo ?? plan.tasks.min) : 0;

const clampedSchedule = (plan: ServicePlan, schedule: AppliedSchedule): AppliedSchedule => {
  const least = leastOf(plan, schedule);
  const { business, offHours, rest, holiday } = schedule;
  return {
    ...schedule,
    business: Math.max(least, business),
    offHours: Math.max(least, offHours),
    rest: Math.max(least, rest),
    ...(holiday === undefined ? {} : { holiday: Math.max(least, holiday) }),
  };
};

const clampedMin = (plan: ServicePlan, minMax: AppliedBounds): AppliedBounds => {
  const least = Math.min(leastOf(plan, minMax), plan.tasks.min);
  return minMax.min === undefined ? minMax : { ...minMax, min: Math.max(least, minMax.min) };
};

const clampedBounds = (plan: ServicePlan, minMax: AppliedBounds): TaskBounds => {
  const { tasks } = plan;
  const max = Math.min(tasks.max, minMax.max ?? tasks.max);
  return { min: Math.min(max, clampedMin(plan, minMax).min ?? tasks.min), max };
};

/** Every size that the service may be given: the template has a task definition of each. */
export const isWithin = ({ autoSize }: ServicePlan, size: TaskSize): boolean =>
  autoSize !== undefined &&
  size.cpu >= autoSize.min.cpu &&
  size.cpu <= autoSize.max.cpu &&
  size.memoryMiB >= autoSize.min.memoryMiB &&
  size.memoryMiB <= autoSize.max.memoryMiB;
