import { Temporal } from 'temporal-polyfill';
import type { EpochSeconds } from '../model/units.ts';

/** One week to report on. */
export interface ReportWeek {
  /** `2026-W47`: the ISO week in which most of it lies, and what its objects are called. */
  readonly name: string;
  /** Its end: the last midnight of the zone before it was asked for, at a full hour of UTC. */
  readonly to: EpochSeconds;
}

/** The week that a report made at `at` tells. Whoever asks again until three days later gets the same name. */
export const reportWeekAt = (at: EpochSeconds, timeZone: string): ReportWeek => {
  const midnight = Temporal.Instant.fromEpochMilliseconds(Math.floor(at) * 1000)
    .toZonedDateTimeISO(timeZone)
    .startOfDay();
  const { yearOfWeek = 0, weekOfYear = 0 } = midnight.toPlainDateTime().subtract({ hours: 84 }).toPlainDate();
  return {
    name: `${yearOfWeek}-W${String(weekOfYear).padStart(2, '0')}`,
    // Zones with half hours: usage is known by full hours of UTC.
    to: Math.floor(midnight.epochMilliseconds / 3_600_000) * 3600,
  };
};
