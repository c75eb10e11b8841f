import type { Usd } from '../../../model/units.ts';
import type { FargateUsage } from '../../usage/usage.ts';
import type { IfWrong } from '../advice.ts';
import { unseen } from './if-wrong.ts';
import type { LocalHours } from './local-hours.ts';
import { levelAt, type QuietWindows } from './quiet-windows.ts';

/** What each week would have been like with the windows that all the other weeks would have set. */
export interface MissedWeeks {
  /** Weeks that needed more, in some hour, than the others show. */
  readonly missed: number;
  /** Of them, those in which more jobs would have been late than the promise allows. */
  readonly broken: number;
  readonly ifWrong: IfWrong;
}

/**
 * Leave one week out, set the windows by the others, and look what the week would have met: an hour that needs more than
 * its window has waits for one start-up of further tasks, once.
 */
export const missedWeeks = (
  usage: FargateUsage,
  need: Float64Array,
  minimum: Float64Array,
  windows: QuietWindows,
  local: LocalHours,
  usdPerTaskHour: Usd,
): MissedWeeks => {
  const { slo, startSeconds, hourly } = usage;
  const lateSeconds = Math.max(0, startSeconds.p95 - (slo?.startWithinSeconds ?? 0));
  let missed = 0;
  let broken = 0;
  let worst = { lateJobs: 0, usd: 0 };
  for (let week = 0; week < windows.weeks; week++) {
    const others = windows.weeks === 1 ? windows : windows.withoutWeek(week);
    let short = false;
    let [late, jobs, usd] = [0, 0, 0];
    for (let h = 0; h < need.length; h++) {
      if (local.week[h] !== week) continue;
      const came = hourly.jobs?.[h] ?? 0;
      jobs += came;
      const missing = Math.min(need[h] as number, minimum[h] as number) - levelAt(others, local, h);
      // A holiday that no other week had is no surprise to the windows: they were never set for it.
      if (missing <= 0 || (local.holiday[h] === 1 && others.holiday === undefined)) continue;
      short = true;
      late += came * (missing / Math.max(1e-9, need[h] as number)) * (lateSeconds / 3600);
      usd += missing * usdPerTaskHour;
    }
    if (short) missed += 1;
    if (jobs > 0 && late > jobs * (1 - (slo?.percent ?? 0) / 100)) broken += 1;
    if (late > worst.lateJobs || (late === worst.lateJobs && usd > worst.usd)) worst = { lateJobs: late, usd };
  }
  return {
    missed,
    broken,
    ifWrong: {
      chancePercent: 100 * unseen(windows.weeks, broken),
      of: 'week',
      looked: windows.weeks,
      broken,
      lateJobs: Math.ceil(worst.lateJobs),
      usd: worst.usd,
    },
  };
};
