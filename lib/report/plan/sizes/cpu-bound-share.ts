import type { FargateUsage } from '../../usage/usage.ts';

/**
 * Share of a job's time in which it computes: CPU used ÷ CPU that its slots held while they were busy, over the hours in
 * which both are known. Each hour counts by its tasks: an idle night of few tasks says little about a busy day of many.
 */
export const cpuBoundShare = ({ hourly, serviceSeconds, concurrency }: FargateUsage): number => {
  const cpu = hourly.cpuMeanPercent ?? hourly.cpuP99Percent ?? [];
  if (serviceSeconds === undefined || hourly.jobs === undefined) return 1;
  let used = 0;
  let busy = 0;
  hourly.tasks.forEach((tasks, h) => {
    const percent = cpu[h];
    const jobs = hourly.jobs?.[h];
    if (tasks === null || percent === null || percent === undefined || jobs === null || jobs === undefined) return;
    used += (percent / 100) * tasks * 3600;
    busy += (jobs * serviceSeconds.mean) / concurrency;
  });
  return busy > 0 ? Math.min(1, used / busy) : 1;
};
