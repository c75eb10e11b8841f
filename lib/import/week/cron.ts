/** Minutes after Monday 00:00. */
export type WeekMinute = number;

export const minutesPerDay = 1440;
export const minutesPerWeek = 7 * minutesPerDay;

/** How a week's cron is written: which names and numbers the days have. */
export type CronDialect = 'unix' | 'aws';

export type WeeklyCron =
  | { readonly weekly: true; readonly minutes: readonly WeekMinute[] }
  /** `because`: what keeps it from being the same each week. */
  | { readonly weekly: false; readonly because: string };

/**
 * When a cron expression fires, if it does so alike in every week. `unix`: five fields, Sunday is 0 or 7.
 * `aws`: six fields with the year, Sunday is 1. Undefined: no cron expression at all.
 */
export const weeklyCron = (expression: string, dialect: CronDialect): WeeklyCron | undefined => {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== (dialect === 'aws' ? 6 : 5)) return undefined;
  const [minute = '', hour = '', dayOfMonth = '', month = '', weekday = '', year = '*'] = fields;
  const minutes = valuesOf(minute, 0, 59);
  const hours = valuesOf(hour, 0, 23);
  const days = weekdaysOf(weekday, dialect);
  if (minutes === undefined || hours === undefined) return undefined;
  if (!isAny(dayOfMonth)) return { weekly: false, because: `it names days of the month (${dayOfMonth})` };
  if (!isAny(month)) return { weekly: false, because: `it names months (${month})` };
  if (!isAny(year)) return { weekly: false, because: `it names years (${year})` };
  if (days === undefined)
    return /[#L]/i.test(weekday)
      ? { weekly: false, because: `it names a certain weekday of the month (${weekday})` }
      : undefined;
  const at = days.flatMap((day) => hours.flatMap((h) => minutes.map((m) => day * minutesPerDay + h * 60 + m)));
  return { weekly: true, minutes: at.sort((a, b) => a - b) };
};

const isAny = (field: string): boolean => field === '*' || field === '?' || field === '*/1';

/** Monday is 0. */
const weekdaysOf = (field: string, dialect: CronDialect): readonly number[] | undefined => {
  if (isAny(field)) return [0, 1, 2, 3, 4, 5, 6];
  // Names become numbers first; then Sunday is 0 (unix) or 1 (aws).
  const numbers = field
    .toUpperCase()
    .replace(/SUN|MON|TUE|WED|THU|FRI|SAT/g, (name) => String(names.indexOf(name) + (dialect === 'aws' ? 1 : 0)));
  const [low, high] = dialect === 'aws' ? [1, 7] : [0, 7];
  const values = valuesOf(numbers, low, high);
  return values && [...new Set(values.map((day) => (day + (dialect === 'aws' ? 5 : 6)) % 7))];
};
const names = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Lists, ranges and steps: `0,30`, `8-18`, `0-30/10`. Undefined: not such a field. */
const valuesOf = (field: string, low: number, high: number): readonly number[] | undefined => {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(\*|\?|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const [, start = '', end, step] = match;
    const any = start === '*' || start === '?';
    const from = any ? low : Number(start);
    const to = any ? high : end !== undefined ? Number(end) : step !== undefined ? high : from;
    const by = step === undefined ? 1 : Number(step);
    if (from < low || to > high || by < 1) return undefined;
    // Friday to Monday: over the end of the week.
    const last = to < from ? to + (high - low + 1) : to;
    for (let value = from; value <= last; value += by) values.add(value > high ? value - (high - low + 1) : value);
  }
  return [...values].sort((a, b) => a - b);
};
