import { z } from 'zod';
import { knownCountries, knownRegions, knownStates } from '../holidays.ts';
import { isDate } from '../moment.ts';
import { nearest } from '../nearest.ts';
import { isTimeZone, nearestTimeZone } from '../time-zones.ts';
import { group, note, type RuleBroken, rule, text } from './field.ts';

const zoneForm = 'an IANA time zone such as "Europe/Copenhagen"';

export const timeZoneSchema = () =>
  z
    .string({ error: zoneForm })
    .superRefine(
      rule((zone) =>
        isTimeZone(zone)
          ? undefined
          : { found: JSON.stringify(zone), expected: zoneForm, mend: `Did you mean "${nearestTimeZone(zone)}"?` },
      ),
    )
    .meta({ takes: zoneForm });

export const dateSchema = () => text('a date of the calendar, "YYYY-MM-DD"', isDate);

export const holidaysSchema = () =>
  group({
    country: text('an ISO 3166 country code such as "DK"')
      .exactOptional()
      .meta(note('Its public holidays count.', { fallback: 'none' })),
    state: text('a state code')
      .exactOptional()
      .meta(note('Adds the holidays of a state, such as "BY" in "DE".', { fallback: 'none' })),
    region: text('a region code')
      .exactOptional()
      .meta(note('Adds the holidays of a region of the state.', { fallback: 'none' })),
    dates: z
      .array(dateSchema(), { error: 'a list of dates' })
      .exactOptional()
      .meta({ ...note('Further days that count as holidays.', { fallback: 'none' }), takes: 'a list of "YYYY-MM-DD"' }),
  }).superRefine(rule(placeIsUnknown));

const placeIsUnknown = (place: { country?: string; state?: string; region?: string }): RuleBroken | undefined => {
  const { country, state, region } = place;
  if (country === undefined)
    return state === undefined && region === undefined
      ? undefined
      : { found: '"state" or "region" without "country"', expected: '"country" beside it', mend: 'Add "country".' };
  const countries = knownCountries();
  if (!countries[country]) return unknownCode('country', country, countries);
  if (state === undefined)
    return region === undefined
      ? undefined
      : { found: '"region" without "state"', expected: '"state" beside it', mend: 'Add "state".' };
  const states = knownStates(country);
  if (!states[state]) return unknownCode('state', state, states);
  const regions = region === undefined ? {} : knownRegions(country, state);
  return region === undefined || regions[region] ? undefined : unknownCode('region', region, regions);
};

const unknownCode = (field: string, code: string, known: Readonly<Record<string, string>>): RuleBroken => {
  // People write the name where the code belongs.
  const name = code.length > 3 ? nearest(code, Object.values(known)) : undefined;
  const near = Object.keys(known).find((key) => known[key] === name && name) ?? nearest(code, Object.keys(known));
  const all = Object.keys(known);
  return {
    path: [field],
    found: JSON.stringify(code),
    expected: `a known ${field} code`,
    mend: near
      ? `Did you mean "${near}" (${known[near]})?`
      : all.length > 0
        ? `Choose one of ${all.slice(0, 20).join(', ')}.`
        : 'None are known here: leave it out.',
  };
};
