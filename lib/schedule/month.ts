import { Temporal } from 'temporal-polyfill';
import type { EpochSeconds } from '../model/units.ts';

/** The calendar month around an instant, in a zone: `from` inclusive, `until` exclusive. */
export const monthAt = (
  timeZone: string,
  at: EpochSeconds,
): { readonly from: EpochSeconds; readonly until: EpochSeconds } => {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(at * 1000)).toZonedDateTimeISO(timeZone);
  const first = local.toPlainDate().with({ day: 1 });
  const startOf = (date: Temporal.PlainDate): EpochSeconds => date.toZonedDateTime(timeZone).epochMilliseconds / 1000;
  return { from: startOf(first), until: startOf(first.add({ months: 1 })) };
};
