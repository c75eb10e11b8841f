import type { HourlyRollup } from '../../model/hourly-rollup.ts';
import { type ServicePlan, sizeKey, type TaskSize } from '../../model/plan.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { settingsAt } from '../../schedule/settings-at.ts';
import { p99OfMean } from '../run/run-usage.ts';
import type { FargateUsage, Scaling, Series } from './usage.ts';

/** What is known of one of our own services over a window. */
export interface ServiceHistory {
  readonly plan: ServicePlan;
  readonly region: string;
  readonly owner?: string;
  readonly publicIpv4: boolean;
  readonly spotShare: number;
  readonly interruptible: boolean;
  /** In any order; hours outside the window are left out. */
  readonly rollups: readonly HourlyRollup[];
  /** From CloudWatch, by hour of the window. */
  readonly metrics?: Pick<FargateUsage['hourly'], 'cpuMeanPercent' | 'cpuP99Percent' | 'memoryMaxPercent'>;
  readonly startSeconds?: { readonly median: Seconds; readonly p95: Seconds };
}

/** Sluice's own hourly rollups → usage. An hour that nobody observed is null, one observed in part is brought to a whole. */
export const usageFromRollups = (history: ServiceHistory, from: EpochSeconds, hours: number): FargateUsage => {
  const { plan, rollups, metrics } = history;
  const byHour = hourSlots(rollups, from, hours);
  const { size, since } = sizeNow(plan, rollups);
  const strictest = plan.queues.toSorted((a, b) => a.startWithinSeconds - b.startWithinSeconds)[0];
  const mean = meanServiceSeconds(since === undefined ? rollups : rollups.filter((rollup) => startOf(rollup) >= since));
  const series = (value: (rollup: HourlyRollup) => number): Series =>
    byHour.map((rollup) => (rollup === undefined ? null : value(rollup)));
  return {
    name: plan.service,
    region: history.region,
    ...(history.owner === undefined ? {} : { owner: history.owner }),
    architecture: plan.worker.architecture,
    size,
    ...(since === undefined ? {} : { sizeSince: since }),
    spotShare: history.spotShare,
    publicIpv4: history.publicIpv4,
    ...(strictest === undefined
      ? {}
      : { slo: { percent: strictest.percent, startWithinSeconds: strictest.startWithinSeconds } }),
    bounds: plan.tasks,
    scaling: scalingOf(plan),
    concurrency: plan.worker.concurrency,
    ...(mean === undefined ? {} : { serviceSeconds: { mean, p99: mean * p99OfMean } }),
    startSeconds: history.startSeconds ?? plan.priors?.startDelaySeconds ?? { median: 35, p95: 75 },
    interruptible: history.interruptible,
    hourly: {
      tasks: series((rollup) => tasksOf(rollup, size)),
      ...scheduledMinimums(plan, from, hours),
      jobs: series(({ started }) => started),
      late: series(({ late }) => late),
      failed: series(({ failed }) => failed),
      ...metrics,
    },
    ...lastMinutes(byHour),
  };
};

/** In shadow mode something else sets the count, and what Sluice would have done is in no rollup. */
const scalingOf = ({ mode, policy, behavior, schedule }: ServicePlan): Scaling => {
  if (mode === 'shadow') return { by: 'other', what: 'what sets the count while Sluice looks on' };
  if (schedule.some((window) => window.policy !== undefined)) {
    return { by: 'other', what: 'the policies of the schedule' };
  }
  return { by: 'sluice', policy, behavior };
};

/** By the schedule of today, which is the only one that is known. */
const scheduledMinimums = (plan: ServicePlan, from: EpochSeconds, hours: number): { readonly min?: Series } =>
  plan.schedule.length === 0
    ? {}
    : { min: Array.from({ length: hours }, (_, h) => settingsAt(plan, from + h * 3600).tasks.min) };

const hourSlots = (
  rollups: readonly HourlyRollup[],
  from: EpochSeconds,
  hours: number,
): readonly (HourlyRollup | undefined)[] => {
  const slots = new Array<HourlyRollup | undefined>(hours).fill(undefined);
  for (const rollup of rollups) {
    const h = (startOf(rollup) - from) / 3600;
    if (h >= 0 && h < hours) slots[h] = rollup;
  }
  return slots;
};

const startOf = ({ hour }: HourlyRollup): EpochSeconds => Date.parse(`${hour}:00Z`) / 1000;

/** Where windows name sizes, the one that works most; else the one it has, and since when, if it had another before. */
const sizeNow = (
  plan: ServicePlan,
  rollups: readonly HourlyRollup[],
): { readonly size: TaskSize; readonly since?: EpochSeconds } => {
  const own = { cpu: plan.worker.cpu, memoryMiB: plan.worker.memoryMiB };
  if (plan.schedule.some(({ size }) => size !== undefined)) return { size: mainSize(rollups) ?? own };
  const hours = rollups
    .map((rollup) => ({ at: startOf(rollup), size: mainSize([rollup]) }))
    .filter(({ size }) => size !== undefined)
    .toSorted((a, b) => a.at - b.at);
  const size = hours.at(-1)?.size ?? own;
  const before = hours.findLast((hour) => hour.size !== undefined && sizeKey(hour.size) !== sizeKey(size));
  return before === undefined ? { size } : { size, since: before.at + 3600 };
};

/** The size that most of the task-seconds ran on. */
const mainSize = (rollups: readonly HourlyRollup[]): TaskSize | undefined => {
  const seconds = new Map<string, number>();
  for (const { taskSecondsBySize } of rollups) {
    for (const [key, value] of Object.entries(taskSecondsBySize)) seconds.set(key, (seconds.get(key) ?? 0) + value);
  }
  const most = [...seconds].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0];
  return most === undefined ? undefined : sizeOf(most);
};

const sizeOf = (key: string): TaskSize => {
  const [cpu = 0, memoryMiB = 0] = key.split('/').map(Number);
  return { cpu, memoryMiB };
};

/** Hours of another size of the schedule count by their CPU, which is four fifths of a task's price. */
const tasksOf = (rollup: HourlyRollup, size: TaskSize): number => {
  const seconds = Object.entries(rollup.taskSecondsBySize).reduce(
    (sum, [key, value]) => sum + (value * sizeOf(key).cpu) / size.cpu,
    0,
  );
  const observed = rollup.observedSeconds ?? 3600;
  return observed > 0 ? seconds / observed : 0;
};

const meanServiceSeconds = (rollups: readonly HourlyRollup[]): Seconds | undefined => {
  let busy = 0;
  let completed = 0;
  for (const rollup of rollups) {
    busy += rollup.busySlotSeconds;
    completed += rollup.completed;
  }
  return completed > 0 && busy > 0 ? busy / completed : undefined;
};

/** The unbroken hours up to the end, at most a week: the simulator replays no gaps. */
const lastMinutes = (
  byHour: readonly (HourlyRollup | undefined)[],
): { readonly arrivalsByMinute?: readonly number[] } => {
  const minutes: number[][] = [];
  for (let h = byHour.length - 1; h >= 0 && minutes.length < 168; h--) {
    const rollup = byHour[h];
    if (rollup === undefined) break;
    minutes.push([...rollup.arrivalsByMinute]);
  }
  return minutes.length === 0 ? {} : { arrivalsByMinute: minutes.toReversed().flat() };
};
