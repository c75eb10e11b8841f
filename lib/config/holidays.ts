import DateHolidays from 'date-holidays';

/** Where public holidays are looked up: ISO 3166 codes. */
export interface HolidayPlace {
  readonly country: string;
  readonly state?: string;
  readonly region?: string;
}

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
