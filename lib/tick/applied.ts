import { type AppliedReading, appliedParts } from '../model/applied.ts';
import type { ServiceBinding } from '../model/binding.ts';
import type { Override, ServicePlan } from '../model/plan.ts';
import type { AppliedByService } from '../observe/fresh-applied.ts';
import { whyNot } from '../schedule/applied-plan.ts';
import { attempt, type Run, stepSeconds } from './run.ts';

/**
 * What lies over a service's config now. While a person has the wheel nothing does: the bounds are the configured ones,
 * and the size stays whatever it is.
 */
export const appliedInForce = (
  applied: AppliedByService | undefined,
  override: Override | undefined,
  { service, autoSize }: ServicePlan,
): AppliedReading | undefined => {
  const unknown = autoSize === undefined ? undefined : 'unknown';
  if (applied === undefined || override !== undefined) return unknown;
  return applied[service] === 'unknown' ? unknown : applied[service];
};

/**
 * Undefined: it cannot be read and never was. What is no longer in force is told once by each function, not at each tick:
 * the next report clears it away.
 */
export const readApplied = async (
  run: Run,
  bindings: readonly ServiceBinding[],
): Promise<AppliedByService | undefined> => {
  const { applied: reader, memory } = run.deps;
  if (reader === undefined) return {};
  const applied = await attempt(run, 'read what was applied', stepSeconds.overrides, (inner) =>
    reader.read(run.now, inner),
  );
  for (const { plan } of bindings) {
    for (const text of droppedWords(plan, applied?.[plan.service])) {
      if (memory.isNews(`${plan.service} ${text}`))
        run.problems.push({ what: 'applied advice', service: plan.service, text, level: 'info' });
    }
  }
  return applied;
};

/** Why something that was applied is not in force, a sentence each. */
const droppedWords = (plan: ServicePlan, applied: AppliedReading | undefined): readonly string[] => {
  if (applied === undefined) return [];
  if (applied === 'unknown')
    return ['What was applied to it does not read: nothing of it is in force. "sluice undo" clears it.'];
  return appliedParts.flatMap((part) => {
    const mark = applied[part];
    const because = mark && whyNot(plan, part, mark);
    return mark === undefined || because === undefined
      ? []
      : [`${mark.advice} is not in force: ${because}. The config holds.`];
  });
};
