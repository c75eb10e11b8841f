import { Temporal } from 'temporal-polyfill';
import type { EpochSeconds, Usd } from '../../model/units.ts';

/** `1,234.50`; small amounts keep two significant figures. */
export const money = (usd: Usd): string => {
  const digits = usd !== 0 && Math.abs(usd) < 0.1 ? Math.min(8, 1 - Math.floor(Math.log10(Math.abs(usd)))) : 2;
  return `USD ${usd.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
};

export const share = (percent: number): string =>
  Number.isFinite(percent)
    ? `${percent.toLocaleString('en-US', { maximumFractionDigits: percent < 10 ? 1 : 0 })} %`
    : '∞';

/** Attainment is rounded down: 99.96 % is not all. */
export const attained = (percent: number): string => `${(Math.floor(percent * 100) / 100).toFixed(2)} %`;

export const whole = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** `Mon 9 Nov` */
export const dayOf = (at: EpochSeconds, timeZone: string): string => {
  const day = zoned(at, timeZone).toPlainDate();
  return `${weekdays[day.dayOfWeek - 1]} ${day.day} ${months[day.month - 1]}`;
};

/** `Mon` */
export const weekdayOf = (at: EpochSeconds, timeZone: string): string =>
  weekdays[zoned(at, timeZone).dayOfWeek - 1] ?? '';

// Not from the locale: a page has hundreds of them, and new data of it would change the bytes of an old week.
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

export const yearOf = (at: EpochSeconds, timeZone: string): number => zoned(at, timeZone).year;

/** Hours that are left of the local day, this one included: where the next day's mark begins. */
export const hoursToMidnight = (at: EpochSeconds, timeZone: string): number => {
  const time = zoned(at, timeZone);
  return Math.max(
    1,
    Math.round((time.startOfDay().add({ days: 1 }).epochMilliseconds - time.epochMilliseconds) / 3_600_000),
  );
};

/** `Mon 9 Nov, 13:00` */
export const hourOf = (at: EpochSeconds, timeZone: string): string =>
  `${dayOf(at, timeZone)}, ${String(zoned(at, timeZone).hour).padStart(2, '0')}:00`;

const zoned = (at: EpochSeconds, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at * 1000).toZonedDateTimeISO(timeZone);
