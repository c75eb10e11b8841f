import { createHash } from 'node:crypto';
import type { AppliedPart } from '../model/applied.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { ServicePlan } from '../model/plan.ts';

/**
 * Sixteen hexadecimal digits for the configured fields that applied advice of a kind lies over. Advice was found for
 * these values; with others it says nothing.
 */
export const configuredMark = (plan: ServicePlan, part: AppliedPart): string =>
  createHash('sha256')
    .update(canonicalJson(fieldsUnder(plan, part)))
    .digest('hex')
    .slice(0, 16);

const fieldsUnder = ({ tasks, schedule, worker, autoSize }: ServicePlan, part: AppliedPart): unknown => {
  if (part === 'size') return { cpu: worker.cpu, memoryMiB: worker.memoryMiB, autoSize };
  const windows = schedule.map(({ days, dates, fromMinute, toMinute, tasks: bounds }) => ({
    days,
    dates,
    fromMinute,
    toMinute,
    bounds,
  }));
  return { tasks, windows };
};
