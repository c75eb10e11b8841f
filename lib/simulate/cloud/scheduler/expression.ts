import { Temporal } from 'temporal-polyfill';
import type { EpochSeconds, Seconds } from '../../../model/units.ts';
import { CloudError } from '../cloud-error.ts';
import { type CronFields, parseCron } from './cron.ts';

export type ScheduleExpression =
  | { readonly type: 'rate'; readonly everySeconds: Seconds }
  | { readonly type: 'cron'; readonly fields: CronFields; readonly timeZone: string }
  | { readonly type: 'at'; readonly at: EpochSeconds };

/** `rate(5 minutes)`, `cron(0 8 ? * MON *)`, `at(2026-11-21T10:00:00)`. Throws CloudError ValidationException. */
export const parseExpression = (text: string, timeZone = 'UTC'): ScheduleExpression => {
  checkTimeZone(timeZone);
  const [, kind, body = ''] = /^(rate|cron|at)\((.*)\)$/.exec(text.trim()) ?? [];
  switch (kind) {
    case 'rate':
      return { type: 'rate', everySeconds: parseRate(body) };
    case 'cron':
      return { type: 'cron', fields: parseCron(body), timeZone };
    case 'at':
      return { type: 'at', at: parseAt(body, timeZone) };
    default:
      throw invalidExpression(`${text} is not rate(…), cron(…) or at(…)`);
  }
};

const checkTimeZone = (timeZone: string): void => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
  } catch {
    throw invalidExpression(`${timeZone} is not an IANA time zone`);
  }
};

const unitSeconds = { minute: 60, hour: 3600, day: 86_400 } as const;

const parseRate = (body: string): Seconds => {
  const [, count, unit] = /^(\d+) (minute|hour|day)s?$/.exec(body.trim()) ?? [];
  if (count === undefined || unit === undefined || Number(count) < 1) {
    throw invalidExpression(`rate(${body}) must be a whole number of minutes, hours or days`);
  }
  return Number(count) * unitSeconds[unit as keyof typeof unitSeconds];
};

const parseAt = (body: string, timeZone: string): EpochSeconds => {
  try {
    return Temporal.PlainDateTime.from(body.trim()).toZonedDateTime(timeZone).epochMilliseconds / 1000;
  } catch {
    throw invalidExpression(`at(${body}) is not a date and time`);
  }
};

export const invalidExpression = (message: string): CloudError =>
  new CloudError('ValidationException', `Invalid schedule expression: ${message}`);

/**
 * The first instant strictly after `after`. A rate counts from `createdAt`, which is its first instant. A cron time in
 * the spring gap is left out that day, one in the autumn overlap comes once, the first time.
 * Undefined: never again.
 */
export const nextInstant = (
  expression: ScheduleExpression,
  createdAt: EpochSeconds,
  after: EpochSeconds,
): EpochSeconds | undefined => {
  switch (expression.type) {
    case 'rate':
      if (after < createdAt) return createdAt;
      return createdAt + (Math.floor((after - createdAt) / expression.everySeconds) + 1) * expression.everySeconds;
    case 'at':
      return expression.at > after ? expression.at : undefined;
    case 'cron':
      return nextCronInstant(expression.fields, expression.timeZone, after);
  }
};

/** Ten years hold every 29 February on every weekday that a sane expression can mean. */
const horizonDays = 3660;

const nextCronInstant = (fields: CronFields, timeZone: string, after: EpochSeconds): EpochSeconds | undefined => {
  const start = Temporal.Instant.fromEpochMilliseconds(Math.floor(after * 1000)).toZonedDateTimeISO(timeZone);
  let date = start.toPlainDate();
  for (let day = 0; day < horizonDays; day += 1) {
    if (fitsDay(fields, date)) {
      const instant = firstInstantOfDay(fields, date, timeZone, after);
      if (instant !== undefined) return instant;
    }
    date = date.add({ days: 1 });
  }
  return undefined;
};

const fitsDay = (fields: CronFields, date: Temporal.PlainDate): boolean =>
  fields.years(date.year) &&
  fields.months(date.month) &&
  fields.daysOfMonth(date.day) &&
  // Temporal counts Monday 1 … Sunday 7, cron here Sunday 1 … Saturday 7.
  fields.daysOfWeek((date.dayOfWeek % 7) + 1);

const firstInstantOfDay = (
  fields: CronFields,
  date: Temporal.PlainDate,
  timeZone: string,
  after: EpochSeconds,
): EpochSeconds | undefined => {
  for (let minute = 0; minute < 1440; minute += 1) {
    if (!fields.hours(Math.floor(minute / 60)) || !fields.minutes(minute % 60)) continue;
    const local = date.toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 });
    const zoned = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
    const inGap = !zoned.toPlainDateTime().equals(local);
    const at = zoned.epochMilliseconds / 1000;
    if (!inGap && at > after) return at;
  }
  return undefined;
};
