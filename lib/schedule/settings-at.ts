import {
  type ComingWindow,
  type ScheduleWindow,
  type ServicePlan,
  type Settings,
  sizeKey,
  type TaskBounds,
  type TaskSize,
} from '../model/plan.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { type CompiledSchedule, compiledSchedule, winnerAt } from './compiled-schedule.ts';
import { appliedMinimumAt, isQuietHour, lowered } from './quiet-minimum.ts';

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
  /** By window index (`noWindow` too); with applied advice by what it makes of the instant as well. */
  readonly settingsByKind: Map<number | string, Settings>;
  minute: number;
  settings: Settings;
}

const caches = new WeakMap<ServicePlan, Cache>();

const cacheOf = (plan: ServicePlan): Cache => {
  const known = caches.get(plan);
  if (known) return known;
  const cache: Cache = {
    schedule: compiledSchedule(plan),
    settingsByKind: new Map(),
    minute: Number.NaN,
    settings: settingsIn(plan, undefined, {}),
  };
  caches.set(plan, cache);
  return cache;
};

const nothing: Applied = {};

/** What applied advice makes of an instant. */
interface Applied {
  readonly minimum?: number | undefined;
  readonly size?: TaskSize;
  readonly quietHour?: boolean;
}

const settingsIn = (plan: ServicePlan, window: ScheduleWindow | undefined, applied: Applied): Settings => {
  const { schedule: _schedule, calendar: _calendar, ...rest } = plan;
  const { quietHour, size } = applied;
  const bounds = boundsIn(plan.tasks, window);
  const tasks = lowered(bounds, window, applied.minimum);
  const configured = boundsIn(plan.applied?.configured ?? plan.tasks, window);
  return {
    ...rest,
    tasks,
    policy: window?.policy ?? plan.policy,
    behavior: window?.behavior ?? plan.behavior,
    size: window?.size ?? size ?? { cpu: plan.worker.cpu, memoryMiB: plan.worker.memoryMiB },
    ...(window && { window: window.name }),
    ...((tasks.min !== configured.min || tasks.max !== configured.max) && { tasksConfigured: configured }),
    ...(quietHour === undefined ? {} : { quietHour }),
  };
};

const resolve = (plan: ServicePlan, cache: Cache, at: EpochSeconds): Settings => {
  const settings = settingsOf(plan, cache, at);
  if (plan.schedule.length === 0 && plan.applied?.schedule === undefined) return settings;
  const coming = comingAfter(plan, cache, at, settings);
  return coming.length > 0 ? { ...settings, coming } : settings;
};

/** The same object for the same window under the same applied advice. */
const settingsOf = (plan: ServicePlan, cache: Cache, at: EpochSeconds): Settings => {
  const winner = winnerAt(cache.schedule, at);
  const applied = plan.applied === undefined ? nothing : appliedAt(plan, at);
  // Asked sixteen times a minute for each service: no text is made where there is nothing to tell apart.
  const kind =
    applied === nothing
      ? winner
      : `${winner} ${applied.minimum} ${applied.size && sizeKey(applied.size)} ${applied.quietHour}`;
  const known = cache.settingsByKind.get(kind);
  if (known) return known;
  const settings = settingsIn(plan, plan.schedule[winner], applied);
  cache.settingsByKind.set(kind, settings);
  return settings;
};

const appliedAt = (plan: ServicePlan, at: EpochSeconds): Applied => {
  const { size } = plan.applied ?? {};
  return {
    minimum: appliedMinimumAt(plan, at),
    ...(size && {
      size: at >= size.from ? size.size : size.before,
      quietHour: isQuietHour(size, at),
    }),
  };
};

/** Only what there is to prepare for: a higher floor than the present one, or another size. */
const comingAfter = (plan: ServicePlan, cache: Cache, at: EpochSeconds, present: Settings): readonly ComingWindow[] => {
  const coming: ComingWindow[] = [];
  let before = present;
  for (let later = at + 60; later <= at + lookAheadSeconds; later += 60) {
    const next = settingsOf(plan, cache, later);
    if (next === before) continue;
    before = next;
    const { tasks, window = plan.applied?.schedule === undefined ? '' : appliedMinimums } = next;
    // An applied size waits for a quiet hour; only windows have theirs ready when they begin.
    const size = plan.applied?.size === undefined ? next.size : present.size;
    if (tasks.min > present.tasks.min || sizeKey(size) !== sizeKey(present.size))
      coming.push({ at: later, window, min: tasks.min, size });
  }
  return coming;
};

/** What a stretch outside all windows is called that has a floor of its own by applied advice. */
const appliedMinimums = 'applied minimums';
