import type { ServicePlan, TaskBounds, TaskSize } from '../model/plan.ts';
import type { EpochSeconds } from '../model/units.ts';
import { clockChangeOn } from './clock-change.ts';
import { compiledSchedule, winnerAt } from './compiled-schedule.ts';
import { isoLocal, isoUtc } from './iso-time.ts';
import { appliedMinimumAt, lowered } from './quiet-minimum.ts';
import { boundsIn } from './settings-at.ts';

/** A change of the winning window, in the shape of `sluice schedule --json`. */
export interface Transition {
  readonly service: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The same instant on the service's wall clock, ISO 8601 with offset. */
  readonly local: string;
  /** Null: outside all windows. */
  readonly window: string | null;
  readonly tasks: TaskBounds;
  /** The task size from here on. Only for services whose schedule names a size at all. */
  readonly worker?: TaskSize;
  /** Present: advice that was applied made these bounds of the configured ones. */
  readonly applied?: { readonly configured: TaskBounds };
  /** On a day whose clocks change, in words: `clocks go back 60 min`. */
  readonly clockChange?: string;
}

/** What changes in `[fromEpoch, fromEpoch + days)`. The first entry is the state at `fromEpoch`, even if it began before. */
export const transitions = (plan: ServicePlan, fromEpoch: EpochSeconds, days: number): Transition[] => {
  const schedule = compiledSchedule(plan);
  const end = fromEpoch + days * 86_400;
  let [winner, minimum] = [winnerAt(schedule, fromEpoch), appliedMinimumAt(plan, fromEpoch)];
  const found = [transitionTo(plan, winner, minimum, fromEpoch)];
  for (let at = (Math.floor(fromEpoch / 60) + 1) * 60; at < end; at += 60) {
    const [next, lowest] = [winnerAt(schedule, at), appliedMinimumAt(plan, at)];
    if (next === winner && lowest === minimum) continue;
    [winner, minimum] = [next, lowest];
    found.push(transitionTo(plan, winner, minimum, at));
  }
  return found;
};

const transitionTo = (plan: ServicePlan, winner: number, minimum: number | undefined, at: EpochSeconds): Transition => {
  const window = plan.schedule[winner];
  const { timeZone } = plan.calendar;
  const clockChange = clockChangeOn(timeZone, at);
  const tasks = lowered(boundsIn(plan.tasks, window), window, minimum);
  const configured = boundsIn(plan.applied?.configured ?? plan.tasks, window);
  return {
    service: plan.service,
    at: isoUtc(at),
    local: isoLocal(timeZone, at),
    window: window?.name ?? null,
    tasks,
    ...(plan.schedule.some(({ size }) => size) && {
      worker: window?.size ?? { cpu: plan.worker.cpu, memoryMiB: plan.worker.memoryMiB },
    }),
    ...((tasks.min !== configured.min || tasks.max !== configured.max) && { applied: { configured } }),
    ...(clockChange && { clockChange }),
  };
};
