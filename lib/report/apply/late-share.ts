import type { FargateUsage } from '../usage/usage.ts';

/** Late jobs and all jobs of some hours. */
export interface Lateness {
  readonly late: number;
  readonly share: number;
}

/** Between two hours of the window. Undefined: nobody counted, or there were no jobs. */
export const latenessBetween = ({ hourly }: FargateUsage, from: number, until: number): Lateness | undefined => {
  if (hourly.late === undefined || hourly.jobs === undefined) return undefined;
  let [late, jobs] = [0, 0];
  for (let h = Math.max(0, from); h < until; h++) {
    late += hourly.late[h] ?? 0;
    jobs += hourly.jobs[h] ?? 0;
  }
  return jobs > 0 ? { late, share: late / jobs } : undefined;
};

/** Fewer late jobs than that prove nothing. */
const fewestLate = 5;

/** Whether the promise was broken, and more than in the week before the change. */
export const isWorse = ({ slo }: FargateUsage, since: Lateness | undefined, shareBefore: number | undefined): boolean =>
  slo !== undefined &&
  since !== undefined &&
  since.late >= fewestLate &&
  since.share > 1 - slo.percent / 100 &&
  since.share > 1.1 * (shareBefore ?? 0);
