import type { Seconds, Usd } from '../../model/units.ts';
import { waitQuantiles } from '../../simulate/engine/wait-quantiles.ts';
import type { Played } from '../../simulate/play.ts';
import type { SimulatedJobs } from '../../simulate/simulated-jobs.ts';
import type { ComparedPolicy } from './comparison.ts';
import { type Bins, binWaits, type TaskCurve } from './curves.ts';

/** One policy's run as a row of the comparison. */
export const summarise = (
  name: string,
  played: Played,
  jobs: SimulatedJobs,
  concurrency: number,
  usdPerTaskHour: Usd,
  bins: Bins,
  tasks: TaskCurve,
): ComparedPolicy => {
  const { outcome } = played;
  const workTaskSeconds: Seconds = jobs.workSeconds / concurrency;
  const taskHours = outcome.billedSeconds / 3600;
  return {
    name,
    setting: played.setting,
    settingsTried: played.tried,
    kept: played.kept,
    taskHours,
    usd: taskHours * usdPerTaskHour,
    attainedPercent: 100 * outcome.attained,
    waitSeconds: waitQuantiles(outcome.waits),
    scaleActions: outcome.actions,
    scaleActionsPerDay: outcome.actions / (jobs.endSeconds / 86_400),
    reversals: outcome.reversals,
    killedJobs: outcome.killed,
    taskStarts: outcome.starts,
    utilization: outcome.billedSeconds > 0 ? outcome.busySlotSeconds / concurrency / outcome.billedSeconds : 0,
    costOverWork: (outcome.billedSeconds + outcome.leftSlotSeconds / concurrency) / workTaskSeconds,
    jobs: {
      done: outcome.jobs.completed,
      waiting: outcome.jobs.waiting + outcome.jobs.hidden,
      inFlight: outcome.jobs.inFlight,
    },
    curve: { tasks: tasks.means(), waitP95Seconds: binWaits(jobs, outcome.waits, bins) },
  };
};

/** Who keeps the promise for least comes first; of the others, who comes nearest to it. */
export const byMerit = (a: ComparedPolicy, b: ComparedPolicy): number => {
  if (a.kept !== b.kept) return a.kept ? -1 : 1;
  if (!a.kept && a.attainedPercent !== b.attainedPercent) return b.attainedPercent - a.attainedPercent;
  return a.taskHours - b.taskHours;
};
