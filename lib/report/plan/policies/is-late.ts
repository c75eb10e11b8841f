import type { FargateUsage } from '../../usage/usage.ts';
import { sumOf } from '../series.ts';

/** More jobs were late than the promise allows: nothing is taken from such a service. */
export const isLate = (usage: FargateUsage): boolean => {
  const jobs = sumOf(usage.hourly.jobs);
  return usage.slo !== undefined && jobs > 0 && sumOf(usage.hourly.late) / jobs > 1 - usage.slo.percent / 100;
};
