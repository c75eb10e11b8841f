import {
  type ComingWindow,
  type ScheduleWindow,
  type ServicePlan,
  type Settings,
  sizeKey,
  type TaskBounds,
} from '../model/plan.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { type CompiledSchedule, compiledSchedule, winnerAt } from './compiled-schedule.ts';

/** How far ahead `coming` looks: a start that takes longer is not pre-warmed in full. */
export const lookAheadSeconds: Seconds = 15 * 60;

/**
 * The plan at one instant: bounds, policy and task size of the first window that fits, and the plan's own outside all
 * windows. Within one minute the same object comes back, so callers must not change it (its type forbids it).
 */
export const settingsAt = (plan: ServicePlan, now: EpochSeconds): Settings => {
  const minute = Math.floor(now / 60);
  const cache = cacheOf(plan);
  if (cache.minute !== minute) {
    cache.minute = minute;
    cache.settings = resolve(plan, cache, minute * 60);
  }
  return cache.settings;
};

/**
 * The bounds that a window asks for. A window is the more specific word: where it names only one side and contradicts
 * the service's other side, the window's side holds for both.
 */
export const boundsIn = (base: TaskBounds, window: ScheduleWindow | undefined): TaskBounds => {
  const { min, max, exact } = window?.tasks ?? {};
  if (exact !== undefined) return { min: exact, max: exact };
  if (min !== undefined) return { min, max: max ?? Math.max(base.max, min) };
  if (max !== undefined) return { min: Math.min(base.min, max), max };
  return { min: base.min, max: base.max };
};

interface Cache {
  readonly schedule: CompiledSchedule;
  /** By window index; the last one is "outside all windows". */
  readonly settingsByWindow: readonly Settings[];
  minute: number;
  settings: Settings;
}

const caches = new WeakMap<ServicePlan, Cache>();

const cacheOf = (plan: ServicePlan): Cache => {
  const known = caches.get(plan);
  if (known) return known;
  const outside = settingsIn(plan, undefined);
  const cache: Cache = {
    schedule: compiledSchedule(plan),
    settingsByWindow: [...plan.schedule.map((window) => settingsIn(plan, window)), outside],
    minute: Number.NaN,
    settings: outside,
  };
  caches.set(plan, cache);
  return cache;
};

const settingsIn = (plan: ServicePlan, window: ScheduleWindow | undefined): Settings => {
  const { schedule: _schedule, calendar: _calendar, ...rest } = plan;
  return {
    ...rest,
    tasks: boundsIn(plan.tasks, window),
    policy: window?.policy ?? plan.policy,
    behavior: window?.behavior ?? plan.behavior,
    size: window?.size ?? { cpu: plan.worker.cpu, memoryMiB: plan.worker.memoryMiB },
    ...(window && { window: window.name }),
  };
};

const resolve = (plan: ServicePlan, cache: Cache, at: EpochSeconds): Settings => {
  const settings = settingsOf(cache, winnerAt(cache.schedule, at));
  if (plan.schedule.length === 0) return settings;
  const coming = comingAfter(cache, at, settings);
  return coming.length > 0 ? { ...settings, coming } : settings;
};

const settingsOf = (cache: Cache, winner: number): Settings => {
  const settings = cache.settingsByWindow.at(winner);
  if (!settings) throw new RangeError(`no window ${winner}`);
  return settings;
};

/** Only what there is to prepare for: a higher floor than the present one, or another size. */
const comingAfter = (cache: Cache, at: EpochSeconds, present: Settings): readonly ComingWindow[] => {
  const coming: ComingWindow[] = [];
  let before = present;
  for (let later = at + 60; later <= at + lookAheadSeconds; later += 60) {
    const next = settingsOf(cache, winnerAt(cache.schedule, later));
    if (next === before) continue;
    before = next;
    const { tasks, size, window = '' } = next;
    if (tasks.min > present.tasks.min || sizeKey(size) !== sizeKey(present.size))
      coming.push({ at: later, window, min: tasks.min, size });
  }
  return coming;
};
