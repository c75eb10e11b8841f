import { createHash } from 'node:crypto';
import type { ServicePlan } from '../model/plan.ts';

/**
 * Sixteen hexadecimal digits that stand for a plan: equal for equal plans, whatever the order of their fields. The
 * calendar's holidays are left out: they are computed for the years around the day of the deployment.
 */
export const planMark = (plan: ServicePlan): string => {
  const known = marks.get(plan);
  if (known !== undefined) return known;
  const { calendar, ...rest } = plan;
  const text = canonical({ ...rest, timeZone: calendar.timeZone });
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 16);
  marks.set(plan, mark);
  return mark;
};

/** A function hashes each plan once, not each tick. */
const marks = new WeakMap<ServicePlan, string>();

const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`;
};
