import type { FargateUsage } from '../../usage/usage.ts';
import { neededTasks } from './needed-tasks.ts';

/** Tasks that each hour's jobs need under the promise, when a job takes `slowdown` times as long. Undefined: not known. */
export const taskNeed = (usage: FargateUsage, hours: number, slowdown: number): Float64Array | undefined => {
  const { slo, serviceSeconds, concurrency, hourly } = usage;
  if (slo === undefined || serviceSeconds === undefined || hourly.jobs === undefined) return undefined;
  const need = new Float64Array(hours);
  const seen = new Map<number, number>();
  for (let h = 0; h < hours; h++) {
    const jobs = hourly.jobs[h] ?? 0;
    let tasks = seen.get(jobs);
    if (tasks === undefined) {
      tasks = neededTasks({ jobsPerHour: jobs, serviceSeconds: serviceSeconds.mean * slowdown, concurrency, slo });
      seen.set(jobs, tasks);
    }
    need[h] = tasks;
  }
  return need;
};
