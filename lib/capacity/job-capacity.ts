import type { TaskSize } from '../model/plan.ts';
import type { Seconds, Usd } from '../model/units.ts';
import { type FargatePrice, usdOfTasks } from '../report/fargate-price.ts';

export interface JobCapacityInput {
  readonly jobsPerHour: number;
  readonly secondsPerJob: Seconds;
  /** Jobs at once in a task. */
  readonly concurrency: number;
  readonly size: TaskSize;
  readonly price: FargatePrice;
  /** Tasks are multiplied by it. */
  readonly safety: number;
  /** What a task takes of each downstream limit, and its total. */
  readonly limits: Readonly<Record<string, { readonly perTask: number; readonly total: number }>>;
}

export type Tier = 'small' | 'medium' | 'large' | 'enterprise' | 'beyond';

export interface JobCapacity {
  readonly jobsPerTaskHour: number;
  readonly tasks: number;
  readonly tier: Tier;
  readonly vcpu: number;
  readonly memoryGiB: number;
  /** What all tasks together take of each limit. */
  readonly takes: Readonly<Record<string, number>>;
  readonly usdPerHour: Usd;
  readonly usdPerMonth: Usd;
  /** The limit that ends it first, if any is below what is wanted: so many tasks, and what they get done. */
  readonly binds?: { readonly limit: string; readonly tasks: number; readonly jobsPerHour: number };
}

const hoursPerMonth = 730;

/** From a throughput to tasks, and what they take and cost. The mean rate; what a promise needs beside it is simulated. */
export const jobCapacity = (input: JobCapacityInput): JobCapacity => {
  const { jobsPerHour, secondsPerJob, concurrency, size, price, safety, limits } = input;
  const jobsPerTaskHour = (3600 * concurrency) / secondsPerJob;
  // Against binary fractions: 10,000 / 100 × 1.3 is 130 tasks, not 131.
  const tasks = Math.max(1, Math.ceil((jobsPerHour / jobsPerTaskHour) * safety - 1e-9));
  const usdPerHour = usdOfTasks(size, 3600 * tasks, price);
  const [first] = Object.entries(limits)
    .map(([limit, { perTask, total }]) => ({ limit, tasks: Math.floor(total / perTask) }))
    .filter((one) => one.tasks < tasks)
    .sort((a, b) => a.tasks - b.tasks);
  return {
    jobsPerTaskHour,
    tasks,
    tier: tierOf(tasks),
    vcpu: (tasks * size.cpu) / 1024,
    memoryGiB: (tasks * size.memoryMiB) / 1024,
    takes: Object.fromEntries(Object.entries(limits).map(([name, { perTask }]) => [name, perTask * tasks])),
    usdPerHour,
    usdPerMonth: usdPerHour * hoursPerMonth,
    ...(first && { binds: { ...first, jobsPerHour: (first.tasks * jobsPerTaskHour) / safety } }),
  };
};

const tierOf = (tasks: number): Tier => {
  if (tasks <= 3) return 'small';
  if (tasks <= 10) return 'medium';
  if (tasks <= 25) return 'large';
  return tasks <= 50 ? 'enterprise' : 'beyond';
};
