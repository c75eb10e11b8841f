import { durationForm, parseDuration } from '../../config/duration.ts';
import { parseMoment } from '../../config/moment.ts';
import { BadInput } from '../../model/bad-input.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { isoUtc } from '../../report/why/times.ts';

const forms = 'a time such as "2026-11-21T02:41:10Z", "02:41" (UTC) or "5m ago"';

/**
 * A time as a person gives it: ISO 8601 (without a zone: UTC), a time of day (the last one up to `end`, UTC), or a
 * length of time before `end`. All times of the log are UTC. Throws BadInput.
 */
export const parseWhen = (option: string, text: string, end: EpochSeconds): EpochSeconds => {
  const at =
    timeOfDay(text.trim(), end) ?? before(text.trim(), end) ?? parseMoment(text.trim().replace(' ', 'T'), 'UTC');
  if (at !== undefined) return at;
  throw new BadInput([
    { path: option, found: JSON.stringify(text), expected: forms, mend: `Try ${option} ${isoUtc(end)}.` },
  ]);
};

const daySeconds: Seconds = 86_400;

const timeOfDay = (text: string, end: EpochSeconds): EpochSeconds | undefined => {
  const [, hours, minutes, seconds = '0'] = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?Z?$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const midnight = Math.floor(end / daySeconds) * daySeconds;
  const at = midnight + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return at <= end ? at : at - daySeconds;
};

const before = (text: string, end: EpochSeconds): EpochSeconds | undefined => {
  const [, length] = /^(.+?)\s+ago$/.exec(text) ?? [undefined, text];
  const seconds = parseDuration((length ?? '').replaceAll(' ', ''));
  return seconds === undefined ? undefined : end - seconds;
};

/** `"2h"` → 7,200. Throws BadInput. */
export const parseLength = (option: string, text: string, longest: Seconds): Seconds => {
  const seconds = parseDuration(text);
  if (seconds !== undefined && seconds <= longest) return seconds;
  const expected = `${durationForm}, at most ${longest / daySeconds} days`;
  throw new BadInput([{ path: option, found: JSON.stringify(text), expected, mend: `Try ${option} 2h.` }]);
};
