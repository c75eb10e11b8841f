import { z } from 'zod';
import { clockTimeForm, minuteOfDay } from '../clock-time.ts';
import { dateSchema } from './calendar-schema.ts';
import { group, listOf, note, oneOf, type RuleBroken, rule, text, wholeNumber } from './field.ts';
import { policySchema } from './policy-schema.ts';
import { notFargate, sizeFields } from './size-schema.ts';

export const weekdayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export const dayWords = ['weekdays', 'weekends', 'holidays', 'every'] as const;
const daysForm = '"weekdays", "weekends", "holidays", "every" or a list such as ["mon", "wed"]';
const clockTime = () => text(clockTimeForm, (value) => minuteOfDay(value) !== undefined);

const windowTasks = group({
  min: wholeNumber(0, 5000)
    .exactOptional()
    .meta(note('Floor.', { unit: 'tasks', fallback: 'the service’s' })),
  max: wholeNumber(0, 5000)
    .exactOptional()
    .meta(note('Ceiling.', { unit: 'tasks', fallback: 'the service’s' })),
  exact: wholeNumber(0, 5000)
    .exactOptional()
    .meta(note('Floor and ceiling in one.', { unit: 'tasks', fallback: 'none' })),
}).superRefine(rule(boundsBroken));

export const windowSchema = group({
  name: text('a name')
    .exactOptional()
    .meta(note('What `schedule`, `why` and the report call it.', { fallback: '"window 1", "window 2" …' })),
  days: z
    .union([oneOf(dayWords), listOf(oneOf(weekdayNames), daysForm)], { error: daysForm })
    .exactOptional()
    .meta({
      ...note(
        'Days on which it starts. A holiday counts as weekend, never as weekday, unless an earlier window names `holidays`; a list goes by the weekday alone.',
        { fallback: '"every"' },
      ),
      takes: daysForm,
    }),
  dates: listOf(dateSchema(), 'a list of at least one "YYYY-MM-DD"')
    .exactOptional()
    .meta(note('One-off dates instead of `days`.', { fallback: 'none' })),
  from: clockTime()
    .exactOptional()
    .meta(note('First minute, local time.', { fallback: '"00:00"' })),
  to: clockTime()
    .exactOptional()
    .meta(
      note('First minute that is no longer inside. Earlier than `from`: the window runs over midnight.', {
        fallback: '"24:00"',
      }),
    ),
  tasks: windowTasks.exactOptional().meta(note('Bounds inside the window.', { fallback: 'the service’s' })),
  policy: policySchema.exactOptional().meta(note('Policy inside the window.', { fallback: 'the service’s' })),
  worker: group(sizeFields())
    .superRefine(rule(notFargate))
    .exactOptional()
    .meta(note('Task size inside the window; `cpu` and `memoryMiB` together.', { fallback: 'the service’s' })),
}).superRefine(rule(emptyWindow));
export type CheckedWindow = z.output<typeof windowSchema>;

export function boundsBroken(tasks: { min?: number; max?: number; exact?: number }): RuleBroken | undefined {
  const { min, max, exact } = tasks;
  if (exact !== undefined && (min !== undefined || max !== undefined))
    return {
      found: '"exact" together with "min" or "max"',
      expected: 'either "exact", or "min" and "max"',
      mend: 'Remove one of the two.',
    };
  if (min === undefined || max === undefined || min <= max) return undefined;
  return {
    found: `min ${min} above max ${max}`,
    expected: 'min at most max',
    mend: `Lower "min" to ${max} or raise "max" to ${min}.`,
  };
}

function emptyWindow({ from, to }: { from?: string; to?: string }): RuleBroken | undefined {
  const start = minuteOfDay(from ?? '00:00');
  if (start !== minuteOfDay(to ?? '24:00') && start !== 1440) return undefined;
  return {
    found: `from ${JSON.stringify(from ?? '00:00')} to ${JSON.stringify(to ?? '24:00')}`,
    expected: 'a window that lasts at least a minute',
    mend: 'Change one of the two, or leave out both for the whole day.',
  };
}
