import { Temporal } from 'temporal-polyfill';
import type { EpochSeconds } from '../model/units.ts';

export const momentForm = 'a date and time such as "2026-11-27T08:00", or with a zone as in "2026-11-27T08:00+01:00"';

/**
 * An ISO 8601 date and time → epoch seconds. With `Z` or an offset it stands for itself; without, it is what the wall
 * clock of `timeZone` shows (a date alone: midnight). Undefined when it is neither.
 */
export const parseMoment = (text: string, timeZone: string): EpochSeconds | undefined => {
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/i.test(text) && text.includes('T');
  try {
    return zoned
      ? Temporal.Instant.from(text).epochMilliseconds / 1000
      : Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds / 1000;
  } catch {
    return undefined;
  }
};

/** Whether `parseMoment` would understand it in any zone. */
export const isMoment = (text: string): boolean => parseMoment(text, 'UTC') !== undefined;

/** Whether a text is a date of the calendar, `2026-12-24`. */
export const isDate = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
};
