import DateHolidays from 'date-holidays';
import type { HolidayDates } from '../model/holiday-dates.ts';
import type { HolidayPlace } from '../model/plan.ts';
import type { EpochSeconds } from '../model/units.ts';

/** Years that a plan knows the holidays of, unless its maker asks for others. */
export const defaultHolidayYears: readonly number[] = Array.from({ length: 21 }, (_, i) => 2020 + i);

/**
 * The public holidays of a place in some years, as sorted dates. The library behind it is large: only the CLI and synth
 * come here, the tick reads dates.
 */
export const publicHolidays = (place: HolidayPlace, years: readonly number[]): readonly string[] => {
  const calendar = calendarOf(place);
  const dates = years
    .flatMap((year) => calendar.getHolidays(year))
    .filter(({ type }) => type === 'public')
    .flatMap(({ date, start, end }) => datesOf(date, end.getTime() - start.getTime()));
  return [...new Set(dates)].sort();
};

/** How far the daily function looks ahead. */
const comingDays = 400;

/** The public holidays from yesterday (it is still today somewhere) until 400 days ahead. */
export const comingHolidays = (place: HolidayPlace, now: EpochSeconds): HolidayDates => {
  const from = dateAt(now - 86_400);
  const to = dateAt(now + comingDays * 86_400);
  const [first, last] = [Number(from.slice(0, 4)), Number(to.slice(0, 4))];
  const years = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const dates = publicHolidays(place, years).filter((date) => date >= from && date <= to);
  return { place, from, to, dates };
};

const dateAt = (at: EpochSeconds): string => new Date(at * 1000).toISOString().slice(0, 10);

/** Codes with names, to check a place against. */
export const knownCountries = (): Readonly<Record<string, string>> => new DateHolidays().getCountries('en');
export const knownStates = (country: string): Readonly<Record<string, string>> =>
  new DateHolidays().getStates(country, 'en') ?? {};
export const knownRegions = (country: string, state: string): Readonly<Record<string, string>> =>
  new DateHolidays().getRegions(country, state, 'en') ?? {};

const calendarOf = ({ country, state, region }: HolidayPlace): DateHolidays => {
  if (state === undefined) return new DateHolidays(country);
  return region === undefined ? new DateHolidays(country, state) : new DateHolidays(country, state, region);
};

/** A day counts when its noon lies inside: some holidays last several days, and some take the afternoon only (New Year's Eve in Curaçao). */
const datesOf = (localStart: string, lengthMs: number): readonly string[] => {
  const start = Date.parse(`${localStart.slice(0, 10)}T${localStart.slice(11, 19) || '00:00:00'}Z`);
  const dates: string[] = [];
  for (let noon = Date.parse(`${localStart.slice(0, 10)}T12:00:00Z`); noon < start + lengthMs; noon += 86_400_000)
    if (noon > start) dates.push(new Date(noon).toISOString().slice(0, 10));
  return dates;
};
