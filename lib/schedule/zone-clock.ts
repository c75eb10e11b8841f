import { Temporal } from 'temporal-polyfill';
import type { EpochSeconds, Seconds } from '../model/units.ts';

/** A stretch of time in which a zone keeps one offset: `from` inclusive, `until` exclusive. */
export interface OffsetSpan {
  readonly from: EpochSeconds;
  readonly until: EpochSeconds;
  readonly offsetSeconds: Seconds;
}

/** The offset from UTC that holds at an instant, with the time until which it holds. `timeZone` must be a valid IANA name. */
export const offsetSpanAt = (timeZone: string, at: EpochSeconds): OffsetSpan => {
  const cached = spansByZone.get(timeZone)?.find((span) => at >= span.from && at < span.until);
  if (cached) return cached;
  const span = lookUp(timeZone, at);
  spansByZone.set(timeZone, [span, ...(spansByZone.get(timeZone) ?? [])].slice(0, spansKeptPerZone));
  return span;
};

/** Local wall-clock time as seconds since 1970-01-01T00:00 of the same clock. */
export const localSeconds = (timeZone: string, at: EpochSeconds): Seconds =>
  at + offsetSpanAt(timeZone, at).offsetSeconds;

// A zone look-up costs tens of microseconds and its answer holds for months: the hot path must not pay it twice.
const spansByZone = new Map<string, readonly OffsetSpan[]>();
const spansKeptPerZone = 8;

const lookUp = (timeZone: string, at: EpochSeconds): OffsetSpan => {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(at * 1000)).toZonedDateTimeISO(timeZone);
  // "previous" looks strictly before: one nanosecond on, so that the instant of a transition belongs to what it begins.
  const previous = local.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  const next = local.getTimeZoneTransition('next');
  return {
    from: previous ? previous.epochMilliseconds / 1000 : Number.NEGATIVE_INFINITY,
    until: next ? next.epochMilliseconds / 1000 : Number.POSITIVE_INFINITY,
    offsetSeconds: local.offsetNanoseconds / 1e9,
  };
};
