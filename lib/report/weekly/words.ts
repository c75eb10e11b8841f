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

export const dayOf = (at: EpochSeconds, timeZone: string): string =>
  zoned(at, timeZone)
    .toPlainDate()
    .toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });

export const hourOf = (at: EpochSeconds, timeZone: string): string => {
  const time = zoned(at, timeZone);
  const day = time.toPlainDate().toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
  return `${day}, ${String(time.hour).padStart(2, '0')}:00`;
};

const zoned = (at: EpochSeconds, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at * 1000).toZonedDateTimeISO(timeZone);
