import type { ServiceBinding } from '../../model/binding.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { counted } from '../../report/run/format.ts';
import type { JobCounts, ServiceSample } from '../../report/run/run-record.ts';
import { settingsAt } from '../../schedule/settings-at.ts';

/**
 * What still keeps a service from being at rest, one sentence each: open jobs, and more (or fewer) tasks than its
 * minimum of this instant. A service in shadow mode is not asked for its tasks, since nobody scales it.
 */
export const unrestOf = (
  { plan }: ServiceBinding,
  jobs: JobCounts | undefined,
  sample: ServiceSample | undefined,
  now: EpochSeconds,
): readonly string[] => {
  const open = (jobs?.queued ?? 0) + (jobs?.running ?? 0);
  const reasons: string[] = [];
  if (open > 0) reasons.push(`${plan.service}: ${counted(open, 'job')} ${open === 1 ? 'is' : 'are'} not finished.`);
  const { min } = settingsAt(plan, now).tasks;
  if (plan.mode === 'shadow') return reasons;
  if (sample === undefined) reasons.push(`${plan.service}: its tasks could not be counted.`);
  else if (sample.desired !== min || sample.running !== min) {
    reasons.push(
      `${plan.service}: ${counted(sample.running, 'task')} running, ${sample.desired} desired; the minimum is ${min}.`,
    );
  }
  return reasons;
};
