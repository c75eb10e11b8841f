import { sizesBetween } from '../../config/fargate-sizes.ts';
import { type AppliedEntry, barredSize, isBarred } from '../../model/applied.ts';
import type { ServicePlan, TaskSize } from '../../model/plan.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { appliedPlan } from '../../schedule/applied-plan.ts';
import { settingsAt } from '../../schedule/settings-at.ts';
import { minimumAt } from '../plan/resource.ts';
import type { FargateUsage, Usage } from '../usage/usage.ts';
import type { ApplyInput } from './apply-advice.ts';
import { entriesOf } from './in-force.ts';

/**
 * The usage with what the plans say of it: the minimums that were really in force since advice was applied, and the sizes
 * that an automatic one may have.
 */
export const withApplied = (usage: Usage, input: ApplyInput | undefined): Usage => {
  if (input === undefined) return usage;
  const entries = entriesOf(input);
  const now = usage.from + usage.hours * 3600;
  const services = usage.services.map((service) => {
    const plan = input.plans.find((one) => one.service === service.name);
    if (plan === undefined) return service;
    const entry = entries[plan.service];
    return { ...service, ...minimums(service, plan, entry, usage), ...sizes(plan, entry, now) };
  });
  return { ...usage, services };
};

const minimums = (
  service: FargateUsage,
  plan: ServicePlan,
  entry: AppliedEntry | undefined,
  { from, hours }: Usage,
): Partial<FargateUsage> => {
  const since = Math.min(
    entry?.schedule?.at ?? Number.POSITIVE_INFINITY,
    entry?.minMax?.at ?? Number.POSITIVE_INFINITY,
  );
  const overlaid = appliedPlan(plan, entry);
  if (overlaid.applied?.schedule === undefined && overlaid.applied?.minMax === undefined) return {};
  const min = Array.from({ length: hours }, (_, h) => {
    const at = from + h * 3600;
    return at < since ? minimumAt(service, h) : settingsAt(overlaid, at).tasks.min;
  });
  return { hourly: { ...service.hourly, min } };
};

/** Without those that did worse. */
const sizes = (
  plan: ServicePlan,
  entry: AppliedEntry | undefined,
  now: EpochSeconds,
): { readonly sizes?: readonly TaskSize[] } => {
  if (plan.autoSize === undefined) return {};
  const all = sizesBetween(plan.autoSize.min, plan.autoSize.max);
  return { sizes: all.filter((size) => !isBarred(entry, barredSize(`size:${plan.service}`, size), now)) };
};
