import { defaultTagRules, type TagRules } from '../../account/tags.ts';
import { BadInput } from '../../model/bad-input.ts';
import type { EpochSeconds } from '../../model/units.ts';

/** The options of `report` that choose what is read. */
export interface AccountOptions {
  readonly usage?: string;
  readonly stage?: string;
  readonly config?: string;
  readonly regions?: readonly string[];
  readonly weeks: string;
  readonly from?: string;
  readonly scope?: NonNullable<TagRules['scope']>;
  readonly ownerTag?: string;
  readonly prices?: string;
}

/** @throws BadInput */
export const regionList = (text: string): readonly string[] => {
  const regions = [...new Set(text.split(',').map((region) => region.trim()))].filter((region) => region !== '');
  const wrong = regions.find((region) => !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region));
  if (wrong !== undefined || regions.length === 0) {
    throw bad('--regions', JSON.stringify(wrong ?? text), 'Regions with commas between', 'Write eu-north-1,us-east-1.');
  }
  return regions;
};

export const scopeTag = (text: string): NonNullable<TagRules['scope']> => {
  const [key = '', ...value] = text.split('=');
  if (key === '') throw bad('--scope', JSON.stringify(text), 'KEY or KEY=VALUE', 'Write team=media.');
  return value.length === 0 ? { key } : { key, value: value.join('=') };
};

export const tagRules = ({ scope, ownerTag }: AccountOptions): TagRules => ({
  ...(ownerTag === undefined ? defaultTagRules : { ownerKeys: [ownerTag] }),
  ...(scope === undefined ? {} : { scope }),
});

const longestWeeks = 64;
/** CloudWatch brings the last minutes late. */
const settledSeconds = 15 * 60;

/** Whole hours up to now. @throws BadInput */
export const windowOf = (
  { from, weeks }: AccountOptions,
  now: EpochSeconds,
): { readonly from: EpochSeconds; readonly hours: number } => {
  const to = Math.floor((now - settledSeconds) / 3600) * 3600;
  const start = from === undefined ? to - weeksOf(weeks) * 7 * 86_400 : startOf(from, to);
  return { from: start, hours: (to - start) / 3600 };
};

const weeksOf = (text: string): number => {
  const weeks = Number(text);
  if (Number.isInteger(weeks) && weeks >= 1 && weeks <= longestWeeks) return weeks;
  throw bad('--weeks', JSON.stringify(text), `a whole number from 1 to ${longestWeeks}`, 'Take 9, say.');
};

const startOf = (text: string, to: EpochSeconds): EpochSeconds => {
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text) / 1000
    : Number.NaN;
  const start = Math.ceil(at / 3600) * 3600;
  if (!Number.isFinite(start)) {
    throw bad(
      '--from',
      JSON.stringify(text),
      'a day, or a time with its zone',
      'Write 2026-09-14 or 2026-09-14T06:00Z.',
    );
  }
  if (start >= to) throw bad('--from', text, 'a time at least an hour ago', 'Choose an earlier one.');
  if (to - start > longestWeeks * 7 * 86_400) {
    throw bad('--from', text, `at most ${longestWeeks} weeks ago`, 'CloudWatch keeps no more.');
  }
  return start;
};

const bad = (path: string, found: string, expected: string, mend: string): BadInput =>
  new BadInput([{ path, found, expected, mend }]);
