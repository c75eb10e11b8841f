import type { ServiceInput } from '../draft.ts';
import { minutesPerDay, minutesPerWeek, type WeekMinute } from './cron.ts';

export type WindowInput = NonNullable<ServiceInput['schedule']>[number];

/** Bounds that hold from a minute of the week on, until the next stretch. */
export interface Stretch {
  readonly from: WeekMinute;
  readonly name: string;
  readonly tasks: { readonly min?: number; readonly max?: number; readonly exact?: number };
}

/**
 * A week cut into stretches → windows. Days are listed by name and not as "weekdays", because the peers know no
 * holidays: a list goes by the weekday alone.
 */
export const windowsOf = (stretches: readonly Stretch[]): readonly WindowInput[] => {
  const sorted = joined([...stretches].sort((a, b) => a.from - b.from));
  const windows = new Map<string, { readonly days: Set<number>; readonly piece: Piece; readonly stretch: Stretch }>();
  sorted.forEach((stretch, i) => {
    const next = sorted[i + 1]?.from ?? (sorted[0]?.from ?? 0) + minutesPerWeek;
    if (Object.keys(stretch.tasks).length === 0) return;
    for (const piece of piecesOf(stretch.from, next - stretch.from)) {
      const key = JSON.stringify([piece.from, piece.to, stretch.tasks]);
      const window = windows.get(key) ?? { days: new Set(), piece, stretch };
      window.days.add(piece.day);
      windows.set(key, window);
    }
  });
  return [...windows.values()].map(({ days, piece, stretch }) => ({
    name: stretch.name,
    days: days.size === 7 ? 'every' : [...days].sort().map((day) => dayNames[day] ?? 'mon'),
    ...(piece.from === 0 && piece.to === minutesPerDay ? {} : { from: clock(piece.from), to: clock(piece.to) }),
    tasks: { ...stretch.tasks },
  }));
};

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** One day's part of a stretch; `to` at or before `from`: it runs over midnight. */
interface Piece {
  readonly day: number;
  readonly from: number;
  readonly to: number;
}

/** Neighbours with the same bounds are one. */
const joined = (sorted: readonly Stretch[]): readonly Stretch[] => {
  const same = (a: Stretch | undefined, b: Stretch): boolean => JSON.stringify(a?.tasks) === JSON.stringify(b.tasks);
  const kept = sorted.filter((stretch, i) => !same(sorted.at(i - 1), stretch));
  return kept.length > 0 ? kept : sorted.slice(0, 1);
};

const piecesOf = (from: WeekMinute, length: number): readonly Piece[] => {
  const day = Math.floor(from / minutesPerDay) % 7;
  const start = from % minutesPerDay;
  const end = start + length;
  if (end <= minutesPerDay) return [{ day, from: start, to: end }];
  // Shorter than a day: one window over midnight is what a person would write.
  if (length < minutesPerDay) return [{ day, from: start, to: end - minutesPerDay }];
  const rest = piecesOf(((day + 1) % 7) * minutesPerDay, end - minutesPerDay);
  return [{ day, from: start, to: minutesPerDay }, ...rest];
};

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
