import { z } from 'zod';
import { decimal, group, note, oneOf, rule, wholeNumber } from './field.ts';

const asPolicy = 'none if the policy is `slo` alone, else as Kubernetes: ';

const ratePolicy = group({
  percent: decimal(0, undefined, { above: true })
    .exactOptional()
    .meta(note('At most this share of the present count.', { unit: '%', fallback: 'none' })),
  tasks: wholeNumber(1)
    .exactOptional()
    .meta(note('At most this many tasks.', { unit: 'tasks', fallback: 'none' })),
  periodSeconds: wholeNumber(1, 1800).meta(note('Within any period of this length.', { unit: 's' })),
}).superRefine(
  rule(({ percent, tasks }) =>
    (percent === undefined) === (tasks === undefined)
      ? {
          found: percent === undefined ? 'neither "percent" nor "tasks"' : 'both "percent" and "tasks"',
          expected: 'exactly one of them',
          mend: 'Write two rate policies when both limits are meant.',
        }
      : undefined,
  ),
);

const direction = (window: string, rates: string) => ({
  stabilizationSeconds: wholeNumber(0, 3600)
    .exactOptional()
    .meta(
      note('Look back this long: out takes the lowest recommendation, in the highest.', {
        unit: 's',
        fallback: asPolicy + window,
      }),
    ),
  cooldownSeconds: wholeNumber(0, 86_400)
    .exactOptional()
    .meta(
      note('No further change in this direction for this long, unless it is a larger scale-out.', {
        unit: 's',
        fallback: '0; for the threshold presets conservative 300 out and 600 in, aggressive 120 and 300',
      }),
    ),
  select: oneOf(['max', 'min', 'disabled'])
    .exactOptional()
    .meta(
      note(
        'Which of several rate policies counts: the one that allows the largest change, the smallest, or no change at all.',
        { fallback: '"max"' },
      ),
    ),
  policies: z
    .array(ratePolicy, { error: 'a list of { percent | tasks, periodSeconds }' })
    .exactOptional()
    .meta({
      ...note('How fast the count may move. An empty list: no limit.', { fallback: asPolicy + rates }),
      takes: 'a list',
    }),
  tolerance: decimal(0, 1)
    .exactOptional()
    .meta(note('Share by which the proposal must differ before anything happens.', { fallback: '0' })),
});

export const behaviorSchema = group({
  scaleOut: group(direction('0', '100 % or 4 tasks per 15 s'))
    .exactOptional()
    .meta(note('Pace on the way out.', { fallback: 'see its fields' })),
  scaleIn: group(direction('300', '100 % per 15 s'))
    .exactOptional()
    .meta(note('Pace on the way in.', { fallback: 'see its fields' })),
});
export type CheckedBehavior = z.output<typeof behaviorSchema>;
