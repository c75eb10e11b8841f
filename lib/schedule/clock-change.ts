import type { EpochSeconds } from '../model/units.ts';
import { isoLocal, isoUtc } from './iso-time.ts';
import { offsetSpanAt } from './zone-clock.ts';

/** One change of the clocks of a zone. */
export interface ClockChange {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The new time on the wall clock, ISO 8601 with offset. */
  readonly local: string;
  /** `clocks go back 60 min` */
  readonly text: string;
}

/** All clock changes of a zone in `[from, until)`. */
export const clockChanges = (timeZone: string, from: EpochSeconds, until: EpochSeconds): readonly ClockChange[] => {
  const found: ClockChange[] = [];
  for (let span = offsetSpanAt(timeZone, from); span.until < until; ) {
    const next = offsetSpanAt(timeZone, span.until);
    const minutes = (next.offsetSeconds - span.offsetSeconds) / 60;
    found.push({
      at: isoUtc(span.until),
      local: isoLocal(timeZone, span.until),
      text: `clocks go ${minutes > 0 ? 'forward' : 'back'} ${Math.abs(minutes)} min`,
    });
    span = next;
  }
  return found;
};

/** The clock change on the local day of an instant, in words; undefined on all other days. */
export const clockChangeOn = (timeZone: string, at: EpochSeconds): string | undefined => {
  const day = isoLocal(timeZone, at).slice(0, 10);
  return clockChanges(timeZone, at - longestDay, at + longestDay).find(({ local }) => local.startsWith(day))?.text;
};

const longestDay = 30 * 3600;
