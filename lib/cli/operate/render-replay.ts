import { count, counted } from '../../report/run/format.ts';
import { clockUtc, dayUtc } from '../../report/why/times.ts';
import { wrap } from '../../report/why/wrap.ts';
import type { CountDrift } from './count-drift.ts';
import type { Difference } from './difference.ts';
import type { ReplayedService } from './replay-log.ts';

/** The outcome of a replay as lines for people. */
export const renderReplay = ({
  file,
  config,
  services,
  limit,
  width,
}: {
  readonly file: string;
  readonly config: string;
  readonly services: readonly ReplayedService[];
  readonly limit: number;
  readonly width: number;
}): readonly string[] => {
  const differ = services.reduce((sum, { differences }) => sum + differences.length, 0);
  const decided = services.reduce((sum, service) => sum + service.decided, 0);
  return [
    `${file}, decided again with ${config}`,
    ...services.flatMap((service) => serviceLines(service, limit, width)),
    '',
    differ === 0
      ? `All ${counted(decided, 'decision')} came out as they are written.`
      : `${count(differ)} of ${counted(decided, 'decision')} came out differently.`,
  ];
};

const serviceLines = (service: ReplayedService, limit: number, width: number): readonly string[] => {
  const { differences, decided, otherPlan, skipped, gaps } = service;
  const counts = differences.filter(({ count: isCount }) => isCount).length;
  const outcome =
    differences.length === 0
      ? 'none differs'
      : `${count(differences.length)} differ${differences.length === 1 ? 's' : ''}: ${count(counts)} in the count, ${count(differences.length - counts)} in words or alerts only`;
  const hidden = differences.length - limit;
  return [
    '',
    `${service.service}: ${counted(decided, 'tick')} decided again, ${outcome}`,
    ...(otherPlan > 0
      ? wrap(
          `${counted(otherPlan, 'tick')} had been decided by another plan than this one, so differences are to be expected.`,
          width,
          '  ',
        )
      : []),
    ...(gaps.length > 0
      ? [`  ${counted(gaps.length, 'hole')} in the log, the first at ${clockUtc(gaps[0]?.from ?? 0)} UTC`]
      : []),
    ...(skipped > 0
      ? wrap(`${counted(skipped, 'tick')} skipped: what the state was then is not in the log.`, width, '  ')
      : []),
    ...driftLines(service, width),
    ...differences.slice(0, limit).flatMap((difference) => differenceLines(difference, width)),
    ...(hidden > 0 && limit > 0 ? [`  and ${count(hidden)} more (--limit)`] : []),
  ];
};

/** What another config or version would mean, and what a shadow would have changed. */
const driftLines = ({ drift, shadow }: ReplayedService, width: number): readonly string[] => [
  ...(drift.more + drift.fewer === 0
    ? []
    : wrap(
        `more tasks than then in ${counted(drift.more, 'tick')}, fewer in ${count(drift.fewer)}: ${hoursOf(drift)}`,
        width,
        '  ',
      )),
  ...(shadow === undefined
    ? []
    : wrap(
        `in shadow for ${counted(shadow.ticks, 'tick')}: more tasks than were there in ${count(shadow.more)}, fewer in ${count(shadow.fewer)}: ${hoursOf(shadow)}${furthestOf(shadow)}`,
        width,
        '  ',
      )),
];

const hoursOf = ({ taskHours: { was, wouldBe } }: CountDrift): string =>
  `${wouldBe.toPrecision(3)} task-hours asked for instead of ${was.toPrecision(3)}${was > 0 ? ` (${wouldBe >= was ? '+' : '−'}${Math.abs(100 * (wouldBe / was - 1)).toFixed(0)} %)` : ''}`;

const furthestOf = ({ furthest }: CountDrift): string =>
  furthest
    ? `; furthest apart at ${dayUtc(furthest.at)} ${clockUtc(furthest.at)} UTC, ${furthest.was} and ${furthest.wouldBe}`
    : '';

const differenceLines = (difference: Difference, width: number): readonly string[] => {
  const { at, logged, now, step, field, error } = difference;
  const head = `  ${dayUtc(at)} ${clockUtc(at)}  ${logged} then, ${now ?? 'an error'} now`;
  if (error !== undefined) return [head, ...wrap(error, width, '      ')];
  if (step === undefined) return [`${head}; only "${field}" differs`];
  return [
    head,
    ...wrap(
      step.logged ? `${step.logged.code}: ${step.logged.text} (${step.logged.to})` : 'no such step',
      width,
      '      then  ',
    ),
    ...wrap(step.now ? `${step.now.code}: ${step.now.text} (${step.now.to})` : 'no such step', width, '      now   '),
  ];
};
