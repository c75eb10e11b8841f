import { CloudError } from '../cloud-error.ts';

/** Six tests, one a field of `minute hour day-of-month month day-of-week year`. Sunday is 1. */
export interface CronFields {
  readonly minutes: (value: number) => boolean;
  readonly hours: (value: number) => boolean;
  readonly daysOfMonth: (value: number) => boolean;
  readonly months: (value: number) => boolean;
  readonly daysOfWeek: (value: number) => boolean;
  readonly years: (value: number) => boolean;
}

export const parseCron = (text: string): CronFields => {
  const parts = text.trim().split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = parts;
  if (parts.length !== 6 || !minute || !hour || !dayOfMonth || !month || !dayOfWeek || !year) {
    throw invalid(text, 'it needs six fields: minute hour day-of-month month day-of-week year');
  }
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw invalid(text, 'exactly one of day-of-month and day-of-week must be ?');
  }
  return {
    minutes: parseField(text, minute, 0, 59),
    hours: parseField(text, hour, 0, 23),
    daysOfMonth: parseField(text, dayOfMonth, 1, 31),
    months: parseField(text, month, 1, 12, monthNames),
    daysOfWeek: parseField(text, dayOfWeek, 1, 7, dayNames),
    years: parseField(text, year, 1970, 2199),
  };
};

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const parseField = (
  cron: string,
  field: string,
  min: number,
  max: number,
  names: readonly string[] = [],
): ((value: number) => boolean) => {
  if (field === '*' || field === '?') return () => true;
  const number = (word: string): number => {
    const named = names.indexOf(word.toUpperCase());
    const value = named >= 0 ? named + min : Number(word === '' ? Number.NaN : word);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw invalid(cron, `${word} is not a number from ${min} to ${max} (L, W and # are not modelled here)`);
  };
  const ranges = field.split(',').map((part) => {
    const [range = '', step] = part.split('/');
    const [from = '', to] = range === '*' ? [String(min), String(max)] : range.split('-');
    const every = step === undefined ? 1 : Number(step);
    if (!(Number.isInteger(every) && every >= 1)) throw invalid(cron, `${part} has a wrong step`);
    const last = to === undefined ? (step === undefined ? number(from) : max) : number(to);
    return { first: number(from), last, every };
  });
  return (value) =>
    ranges.some(({ first, last, every }) => {
      // FRI-MON runs over the end of the week.
      const length = last >= first ? last - first : last - first + (max - min + 1);
      const offset = value >= first ? value - first : value - first + (max - min + 1);
      return offset <= length && offset % every === 0;
    });
};

const invalid = (cron: string, message: string): CloudError =>
  new CloudError('ValidationException', `Invalid schedule expression cron(${cron}): ${message}`);
