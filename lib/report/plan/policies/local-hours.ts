import { Temporal } from 'temporal-polyfill';
import type { Usage } from '../../usage/usage.ts';

/** Where each hour lies on the wall clock of the people. */
export interface LocalHours {
  /** 0 to 23. */
  readonly hourOfDay: Uint8Array;
  /** 1: Saturday, Sunday or a holiday. */
  readonly restDay: Uint8Array;
  /** 1: a holiday, whatever its weekday. */
  readonly holiday: Uint8Array;
  /** Weeks since the first hour, to leave one out. */
  readonly week: Uint16Array;
}

export const localHours = ({ timeZone, from, hours, holidays }: Usage): LocalHours => {
  const hourOfDay = new Uint8Array(hours);
  const restDay = new Uint8Array(hours);
  const holiday = new Uint8Array(hours);
  const week = new Uint16Array(hours);
  const off = new Set(holidays);
  for (let h = 0; h < hours; h++) {
    const at = Temporal.Instant.fromEpochMilliseconds((from + h * 3600) * 1000).toZonedDateTimeISO(timeZone);
    hourOfDay[h] = at.hour;
    holiday[h] = off.has(at.toPlainDate().toString()) ? 1 : 0;
    restDay[h] = at.dayOfWeek >= 6 || holiday[h] === 1 ? 1 : 0;
    week[h] = Math.floor(h / 168);
  }
  return { hourOfDay, restDay, holiday, week };
};
