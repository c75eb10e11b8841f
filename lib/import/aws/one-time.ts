import type { Draft } from '../draft.ts';
import type { Source } from '../source/source.ts';
import { minutesPerDay, minutesPerWeek, type WeekMinute } from '../week/cron.ts';
import type { WeekEvent } from '../week/timeline.ts';
import type { WindowInput } from '../week/windows.ts';
import type { Setting } from './scheduled-actions.ts';

/** An action that happens once, at a local time `2026-12-24T08:00:00`. */
export interface OneTime {
  readonly local: string;
  readonly setting: Setting;
  readonly source: Source;
}

/** Days after 1970-01-01 and minutes of the local calendar: a clock without zone. */
interface Local {
  readonly day: number;
  readonly minute: number;
}

/** Nothing that happens once is carried on for longer than this when no other action ends it. */
const mostDays = 31;

/** Each becomes windows on its dates, until the next action of any kind. They stand first, since the first that fits wins. */
export const oneTimeWindows = (
  draft: Draft,
  once: readonly OneTime[],
  weekly: readonly WeekEvent<Setting>[],
  boundsThen: (minute: WeekMinute) => { readonly min?: number; readonly max?: number },
  now: string,
): readonly WindowInput[] => {
  const today = localOf(now)?.day ?? 0;
  const placed = once
    .flatMap((action) => {
      const at = localOf(action.local);
      if (at !== undefined && at.day >= today) return [{ ...action, at }];
      draft.drop(action.source, at === undefined ? 'It has no time that can be read.' : 'It has happened already.');
      return [];
    })
    .sort((a, b) => minutesOf(a.at) - minutesOf(b.at));
  return placed.flatMap(({ at, setting, source }, i) => {
    const end = endOf(at, placed[i + 1]?.at, weekly);
    const { min, max } = setting;
    const usual = boundsThen(minuteOfWeek(minutesOf(at)));
    const tasks = { ...usual, ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
    const windows = windowsUntil(at, end, setting.name, tasks);
    draft.near(
      source,
      windows.length === 0 ? 'nothing' : `"${setting.name}" on its dates`,
      'It ends at the next action. Take it out of the schedule afterwards.',
      'schedule',
    );
    return windows;
  });
};

const endOf = (at: Local, next: Local | undefined, weekly: readonly WeekEvent<Setting>[]): number => {
  const from = minutesOf(at);
  const nextWeekly = Math.min(...weekly.map((event) => from + 1 + minutesUntil(from + 1, event.at)));
  return Math.min(
    next === undefined ? Number.POSITIVE_INFINITY : minutesOf(next),
    nextWeekly,
    from + mostDays * minutesPerDay,
  );
};

const minutesUntil = (local: number, at: WeekMinute): number =>
  (at - minuteOfWeek(local) + minutesPerWeek) % minutesPerWeek;

/** 1970-01-01 was a Thursday. */
const minuteOfWeek = (local: number): WeekMinute => (local + 3 * minutesPerDay) % minutesPerWeek;

const windowsUntil = (at: Local, end: number, name: string, tasks: WindowInput['tasks']): readonly WindowInput[] => {
  const windows: WindowInput[] = [];
  for (let start = minutesOf(at); start < end; ) {
    const midnight = (Math.floor(start / minutesPerDay) + 1) * minutesPerDay;
    const until = Math.min(end, midnight);
    const from = start % minutesPerDay;
    const whole = from === 0 && until === midnight;
    const dates = [new Date(Math.floor(start / minutesPerDay) * 86_400_000).toISOString().slice(0, 10)];
    const times = { from: clock(from), to: until === midnight ? '24:00' : clock(until % minutesPerDay) };
    const before = windows.at(-1);
    if (whole && before?.dates !== undefined && before.from === undefined)
      windows[windows.length - 1] = { ...before, dates: [...before.dates, ...dates] };
    else windows.push({ name, dates, ...(whole ? {} : times), ...(tasks && { tasks }) });
    start = until;
  }
  return windows;
};

const minutesOf = ({ day, minute }: Local): number => day * minutesPerDay + minute;

const localOf = (text: string): Local | undefined => {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)/.exec(text);
  const midnight = Date.parse(`${match?.[1]}T00:00:00Z`);
  if (match === null || Number.isNaN(midnight)) return undefined;
  return { day: midnight / 86_400_000, minute: Number(match[2]) * 60 + Number(match[3]) };
};

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
