import type { TaskSize } from './plan.ts';
import type { EpochSeconds, Seconds } from './units.ts';

/**
 * What was applied to one service beside its config: advice that can be taken back at once. The config stays as it is;
 * the tick lays this over it. One attribute of the item `APPLIED` / `SERVICES` each, as JSON text.
 */
export interface AppliedEntry {
  /** Lower minimums while it is quiet. */
  readonly schedule?: AppliedSchedule;
  /** Other bounds outside all windows. */
  readonly minMax?: AppliedBounds;
  readonly size?: AppliedSize;
  /** What is not to be applied again before a time: it did worse, or a person took it back. */
  readonly barred?: readonly Barred[];
}

export const appliedParts = ['schedule', 'minMax', 'size'] as const;
export type AppliedPart = (typeof appliedParts)[number];

/** Who, when, on what advice; and which config it was made for. */
export interface AppliedMark {
  /** Id of the advice: `schedule:convert`. */
  readonly advice: string;
  readonly at: EpochSeconds;
  readonly by: string;
  /** Nobody said so: the weekly report did it, and takes it back by itself when the week after is worse. */
  readonly byItself?: true;
  /** Mark of the configured fields that it lies over (`configuredMark`). A config with another mark wins. */
  readonly fields: string;
  /** Share of late jobs in the week before, 0 to 1. Absent: nobody counted. */
  readonly lateShareBefore?: number;
}

/** Least tasks on working days between two local hours, in their other hours, and on days off. */
export interface Minimums {
  readonly from: number;
  /** 24 is midnight. */
  readonly until: number;
  readonly business: number;
  readonly offHours: number;
  readonly rest: number;
  /** On public holidays. Absent: as on days off. */
  readonly holiday?: number;
}

export interface AppliedSchedule extends AppliedMark, Minimums {
  /** Of the hours above. */
  readonly timeZone: string;
}

export interface AppliedBounds extends AppliedMark {
  readonly min?: number;
  readonly max?: number;
}

/** A task size, from the first quiet hour after `from` on. */
export interface AppliedSize extends AppliedMark {
  readonly size: TaskSize;
  /** What it goes back to when it does worse. */
  readonly before: TaskSize;
  readonly from: EpochSeconds;
  /** Hours of the local week in which tasks may be replaced: 0 is Monday 00:00. */
  readonly quietHours: readonly number[];
  readonly timeZone: string;
  /** Run time of a job on the size before, and what it is expected to be. Absent: nobody measured. */
  readonly seconds?: { readonly before: Seconds; readonly expected: Seconds };
}

export interface Barred {
  /** Id of the advice, with the size for sizes: `size:convert 512/1024`. */
  readonly advice: string;
  readonly until: EpochSeconds;
  readonly because: string;
}

/** `unknown`: it is not known what was applied, since the item or the entry cannot be read. */
export type AppliedReading = AppliedEntry | 'unknown';

export const appliedKey = { pk: { S: 'APPLIED' }, sk: { S: 'SERVICES' } } as const;
/** The attribute of a service. */
export const appliedAttribute = (service: string): string => `service:${service}`;

export const barredSize = (advice: string, size: TaskSize): string => `${advice} ${size.cpu}/${size.memoryMiB}`;

/** Whether some advice may be applied again. */
export const isBarred = (entry: AppliedEntry | undefined, advice: string, now: EpochSeconds): boolean =>
  (entry?.barred ?? []).some((one) => one.advice === advice && one.until > now);

/** How long a size that did worse is left alone. */
export const sizeBarredSeconds: Seconds = 28 * 86_400;

/** The entry without its size, or with the one before where that is another than the config's; and never soon again. */
export const withoutSize = (
  entry: AppliedEntry,
  configured: TaskSize,
  because: string,
  now: EpochSeconds,
  barSeconds: Seconds = sizeBarredSeconds,
): AppliedEntry => {
  const { size, barred = [], ...rest } = entry;
  if (size === undefined) return entry;
  const { seconds: _, ...kept } = size;
  const isConfigured = size.before.cpu === configured.cpu && size.before.memoryMiB === configured.memoryMiB;
  return {
    ...rest,
    // Back at once: there is nothing to wait for.
    ...(!isConfigured && { size: { ...kept, at: now, from: now, size: size.before, quietHours: allHours } }),
    barred: [...barred, { advice: barredSize(size.advice, size.size), until: now + barSeconds, because }],
  };
};

/** Of a local week. */
export const allHours: readonly number[] = Array.from({ length: 168 }, (_, hour) => hour);

/** As it is stored. */
export const appliedText = (entry: AppliedEntry): string => JSON.stringify(entry);

/** People may mend this text by hand. What does not read is `unknown`, and nobody guesses. */
export const parseApplied = (text: string): AppliedReading => {
  try {
    const found: unknown = JSON.parse(text);
    return isEntry(found) ? found : 'unknown';
  } catch {
    return 'unknown';
  }
};

const isEntry = (value: unknown): value is AppliedEntry =>
  isRecord(value) &&
  optional(value.schedule, (part) => isMark(part) && isMinimums(part) && typeof part.timeZone === 'string') &&
  optional(value.minMax, (part) => isMark(part) && optional(part.min, isCount) && optional(part.max, isCount)) &&
  optional(value.size, isAppliedSize) &&
  optional(value.barred, (list) => Array.isArray(list) && list.every(isBar));

const isAppliedSize = (part: unknown): boolean =>
  isRecord(part) &&
  isMark(part) &&
  isSize(part.size) &&
  isSize(part.before) &&
  isNumber(part.from) &&
  typeof part.timeZone === 'string' &&
  Array.isArray(part.quietHours) &&
  part.quietHours.every(isCount) &&
  optional(part.seconds, (given) => isRecord(given) && isNumber(given.before) && isNumber(given.expected));

const isMark = (part: unknown): part is Record<string, unknown> =>
  isRecord(part) &&
  [part.advice, part.by, part.fields].every((text) => typeof text === 'string') &&
  isNumber(part.at) &&
  optional(part.byItself, (flag) => flag === true) &&
  optional(part.lateShareBefore, isNumber);

const isMinimums = ({ from, until, business, offHours, rest, holiday }: Record<string, unknown>): boolean =>
  [from, until, business, offHours, rest].every(isCount) && optional(holiday, isCount);

const isSize = (value: unknown): boolean => isRecord(value) && isCount(value.cpu) && isCount(value.memoryMiB);
const isBar = (value: unknown): boolean =>
  isRecord(value) && typeof value.advice === 'string' && isNumber(value.until) && typeof value.because === 'string';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown): boolean => isNumber(value) && Number.isInteger(value) && value >= 0;
const optional = (value: unknown, fits: (value: unknown) => boolean): boolean => value === undefined || fits(value);
