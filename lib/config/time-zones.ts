import { editDistance } from './nearest.ts';

/** Whether the text is an IANA time zone that this Node knows. Bare offsets have no DST rules and are refused. */
export const isTimeZone = (text: string): boolean => {
  if (/^[+-]|^$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
};

/** The nearest IANA name, by the whole name or by its city alone: people write "Copenhagen". */
export const nearestTimeZone = (text: string): string => {
  const wanted = text.toLowerCase().replaceAll(' ', '_');
  const distance = (zone: string): number => {
    const name = zone.toLowerCase();
    return Math.min(editDistance(wanted, name), editDistance(wanted, name.split('/').at(-1) ?? name) + 0.5);
  };
  return ['UTC', ...Intl.supportedValuesOf('timeZone')].reduce((best, zone) =>
    distance(zone) < distance(best) ? zone : best,
  );
};
