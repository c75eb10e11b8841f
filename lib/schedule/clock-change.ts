import { Temporal } from 'temporal-polyfill';
import type { EpochSeconds } from '../model/units.ts';

/** How the clocks of a zone change on the local day of an instant, in words; undefined on all other days. */
export const clockChangeOn = (timeZone: string, at: EpochSeconds): string | undefined => {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(at * 1000)).toZonedDateTimeISO(timeZone);
  const minutes = Math.round((local.hoursInDay - 24) * 60);
  if (minutes === 0) return undefined;
  return `clocks go ${minutes < 0 ? 'forward' : 'back'} ${Math.abs(minutes)} min`;
};
