/** A calendar day as the count of days since 1970-01-01 of the same calendar. */
export type DayNumber = number;

export const minutesPerDay = 1440;
const secondsPerDay = 86_400;

/** `2026-12-24` → days since 1970-01-01. */
export const dayNumber = (date: string): DayNumber => {
  const [year, month, day] = date.split('-').map(Number);
  return Date.UTC(year ?? 1970, (month ?? 1) - 1, day ?? 1) / (secondsPerDay * 1000);
};

/** Days since 1970-01-01 → `2026-12-24`. */
export const dateOf = (day: DayNumber): string => new Date(day * secondsPerDay * 1000).toISOString().slice(0, 10);

/** Monday is 0. */
export const weekdayOf = (day: DayNumber): number => (((day + 3) % 7) + 7) % 7;
