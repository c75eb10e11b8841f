import type { ServiceBinding } from '../../model/binding.ts';
import type { JobCounts } from '../../model/job-counts.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { counted } from '../../report/run/format.ts';
import type { ServiceSample } from '../../report/run/run-record.ts';
import { settingsAt } from '../../schedule/settings-at.ts';

/**
 * What still keeps a service from being at rest, one sentence each: open jobs, and more (or fewer) tasks than its
 * minimum of this instant. A service in shadow mode is not asked for its tasks, since nobody scales it. One whose pace
 * keeps tasks for minutes is at rest with the tasks that it wants: a run does not wait for its scale-in.
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
  const { tasks, behavior } = settingsAt(plan, now);
  const { stabilizationSeconds, cooldownSeconds, select } = behavior.scaleIn;
  const isPatient = select === 'disabled' || Math.max(stabilizationSeconds, cooldownSeconds) > longestWait;
  const min = isPatient && sample !== undefined ? Math.max(tasks.min, sample.desired) : tasks.min;
  if (plan.mode === 'shadow') return reasons;
  if (sample === undefined) reasons.push(`${plan.service}: its tasks could not be counted.`);
  else if (sample.desired !== min || sample.running !== min) {
    reasons.push(
      `${plan.service}: ${counted(sample.running, 'task')} running, ${sample.desired} desired; the minimum is ${min}.`,
    );
  }
  return reasons;
};

/** A run waits two minutes for its end; scale-in that takes longer than half of that would not be seen in it. */
const longestWait: Seconds = 60;
