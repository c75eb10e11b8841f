import { createHash } from 'node:crypto';
import { canonicalJson } from '../model/canonical-json.ts';
import type { ServicePlan } from '../model/plan.ts';

/**
 * Sixteen hexadecimal digits that stand for a plan: equal for equal plans, whatever the order of their fields. The
 * calendar's holidays are left out: they are computed for the years around the day of the deployment.
 */
export const planMark = (plan: ServicePlan): string => {
  const known = marks.get(plan);
  if (known !== undefined) return known;
  const { calendar, ...rest } = plan;
  const text = canonicalJson({ ...rest, timeZone: calendar.timeZone });
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 16);
  marks.set(plan, mark);
  return mark;
};

/** A function hashes each plan once, not each tick. */
const marks = new WeakMap<ServicePlan, string>();
