import type { Draft } from '../draft.ts';
import type { Source } from '../source/source.ts';
import { type WeekMinute, weeklyCron } from '../week/cron.ts';
import { newestBefore, type WeekEvent } from '../week/timeline.ts';
import { type Stretch, type WindowInput, windowsOf } from '../week/windows.ts';
import { type OneTime, oneTimeWindows } from './one-time.ts';

/** What an action sets; what it leaves out stays as it was. */
export interface Setting {
  readonly name: string;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/**
 * Scheduled actions → windows. An action sets bounds that stay until the next one does; a window holds while it lasts.
 * So the week is cut at every action, and the bounds that hold longest become the service's own.
 * `now`: ISO 8601; what lies before it has happened.
 */
export const scheduledActions = (draft: Draft, actions: readonly Source[], now: string): void => {
  const zone = zoneOf(draft, actions);
  if (zone === undefined) return;
  const weekly: WeekEvent<Setting>[] = [];
  const once: OneTime[] = [];
  for (const action of actions) {
    for (const key of [
      'ScheduledActionName',
      'ScheduledActionARN',
      'ServiceNamespace',
      'ResourceId',
      'ScalableDimension',
      'CreationTime',
      'Timezone',
    ])
      action.get(key)?.skip();
    for (const key of ['StartTime', 'EndTime']) {
      const limit = action.get(key);
      if (limit) draft.drop(limit, 'A window holds until it is taken out of the schedule.');
    }
    place(draft, action, weekly, once);
  }
  const given = draft.service.tasks;
  const { windows, base } = weekWindows(weekly, given);
  if (base) draft.service.tasks = base;
  // What an action of one time leaves out stays as the week has it then.
  const dated = oneTimeWindows(draft, once, weekly, (minute) => boundsAt(weekly, minute, given), now);
  const schedule: WindowInput[] = [...dated, ...windows];
  if (schedule.length > 0) draft.service.schedule = schedule;
  if (windows.length > 0)
    draft.habit(
      `${actions.length} scheduled actions`,
      `${windows.length} window${windows.length === 1 ? '' : 's'} beside tasks ${draft.service.tasks?.min} to ${draft.service.tasks?.max}`,
      'An action’s bounds last until the next action. The bounds with the most hours are the service’s own.',
      'schedule',
    );
};

/** Actions of several zones cannot be one service's schedule: the zone of most of them stays. */
const zoneOf = (draft: Draft, actions: readonly Source[]): string | undefined => {
  const zones = actions.map((action) => action.get('Timezone')?.text() ?? 'UTC');
  const count = (zone: string): number => zones.filter((other) => other === zone).length;
  const [zone] = [...new Set(zones)].sort((a, b) => count(b) - count(a));
  if (zone !== undefined) draft.service.timeZone = zone;
  return zone;
};

const place = (draft: Draft, action: Source, weekly: WeekEvent<Setting>[], once: OneTime[]): void => {
  const zone = action.get('Timezone')?.text() ?? 'UTC';
  if (zone !== draft.service.timeZone) {
    draft.drop(action, `A service has one time zone, and most of its actions have ${draft.service.timeZone}.`);
    return;
  }
  const name = action.get('ScheduledActionName')?.text() ?? 'scheduled action';
  const bounds = action.get('ScalableTargetAction');
  const setting = {
    name,
    min: bounds?.get('MinCapacity')?.wholeNumber(),
    max: bounds?.get('MaxCapacity')?.wholeNumber(),
  };
  const schedule = action.need('Schedule', 'Use the output of the AWS CLI as it is.');
  const [, kind = '', body = ''] = /^(\w+)\((.*)\)$/.exec(schedule.text().trim()) ?? [];
  if (kind === 'at') {
    once.push({ local: body.trim(), setting, source: action });
    return;
  }
  if (kind !== 'cron') {
    draft.drop(action, `${schedule.shown} is the same at all times of the day: set "tasks" instead.`);
    return;
  }
  const cron = weeklyCron(body, 'aws');
  if (cron?.weekly) for (const at of cron.minutes) weekly.push({ at, what: setting });
  else
    draft.drop(
      action,
      `${schedule.shown} ${cron ? `is not the same each week: ${cron.because}` : 'is no cron expression of six fields'}. Windows repeat by the week, or name "dates".`,
    );
};

/** As a window has them. */
interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

interface Tasks {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

const weekWindows = (
  events: readonly WeekEvent<Setting>[],
  given: Tasks | undefined,
): { readonly windows: readonly WindowInput[]; readonly base?: Bounds } => {
  if (events.length === 0) return { windows: [] };
  const stretches = [...new Set(events.map(({ at }) => at))]
    .sort((a, b) => a - b)
    .map((from) => ({ from, name: newestBefore(events, from)?.what.name ?? '', tasks: boundsAt(events, from, given) }));
  const base = longest(stretches);
  const same = ({ tasks }: Stretch): boolean => tasks.min === base.min && tasks.max === base.max;
  return {
    windows: windowsOf(stretches.map((stretch) => (same(stretch) ? { ...stretch, tasks: {} } : stretch))),
    base,
  };
};

/** The newest action that set each bound; where none did, what the target has now. */
const boundsAt = (events: readonly WeekEvent<Setting>[], at: WeekMinute, given: Tasks | undefined): Bounds => {
  const min =
    newestBefore(
      events.filter(({ what }) => what.min !== undefined),
      at,
    )?.what.min ?? given?.min;
  const max =
    newestBefore(
      events.filter(({ what }) => what.max !== undefined),
      at,
    )?.what.max ?? given?.max;
  // AWS refuses bounds that cross; a maximum below the minimum that an earlier action left would be one.
  return {
    ...(min !== undefined && { min: max === undefined ? min : Math.min(min, max) }),
    ...(max !== undefined && { max }),
  };
};

const longest = (stretches: readonly Stretch[]): Bounds => {
  const hours = new Map<string, { readonly tasks: Bounds; minutes: number }>();
  stretches.forEach((stretch, i) => {
    const next = stretches[i + 1]?.from ?? (stretches[0]?.from ?? 0) + 7 * 1440;
    const entry = hours.get(JSON.stringify(stretch.tasks)) ?? { tasks: stretch.tasks, minutes: 0 };
    entry.minutes += next - stretch.from;
    hours.set(JSON.stringify(stretch.tasks), entry);
  });
  return [...hours.values()].sort((a, b) => b.minutes - a.minutes)[0]?.tasks ?? {};
};
