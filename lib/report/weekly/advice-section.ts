import type { EpochSeconds } from '../../model/units.ts';
import type { AdviceKind, IfWrong, Recommendation } from '../plan/advice.ts';
import type { FrozenAdvice } from '../plan/commitments/frozen.ts';
import { bars } from './bars.ts';
import { decideCommand } from './decide-command.ts';
import { code, heading, note, paragraph, small, table, text } from './mail-html.ts';
import type { WeeklyReport } from './weekly-report.ts';
import { dayOf, money, share, whole, yearOf } from './words.ts';

/** What to change next: one table that adds up, then the evidence of the first `detailed` lines. */
export const adviceSection = (
  { plan, timeZone, decideWith }: WeeklyReport,
  { listed, detailed }: AdviceDetail,
): string => {
  const { recommendations, minor } = plan;
  if (recommendations.length === 0 && minor.count === 0) return frozenTable(plan.frozen, timeZone);
  const beyond = recommendations.slice(listed);
  const rows = [
    ['Today', text(money(plan.usdPerMonthBefore))],
    ...recommendations
      .slice(0, listed)
      .map((line, i) => [
        `${i + 1}. ${text(line.title)}${small(`${line.risk} risk · ${line.effort} effort · ${line.confidence} confidence`)}`,
        saves(line.usdPerMonth),
      ]),
    ...(beyond.length === 0
      ? []
      : [[`${beyond.length} more, in report.csv`, saves(beyond.reduce((sum, line) => sum + line.usdPerMonth, 0))]]),
    ...(minor.count === 0
      ? []
      : [
          [
            `${minor.count} small change${minor.count === 1 ? '' : 's'}${small('each below the threshold for a line')}`,
            saves(minor.usdPerMonth),
          ],
        ]),
    ['After all of them', text(money(plan.usdPerMonthAfter))],
  ];
  return [
    heading('What to change next', 2),
    note(
      'In the order in which to do it. Each line is what it saves after those above it, so they add up. Figures per month of 730 hours.',
    ),
    table([{ title: 'Change' }, { title: 'A month', right: true }], rows, true),
    ...(decideWith === undefined || recommendations.length === 0
      ? []
      : [
          note(
            text(
              `To note that a line will be followed, so that what it saves is told: ${decideCommand(decideWith, 'accept', 'ID')}. To hear no more of it: --dismiss in its place. The ID stands at each line below, and in report.csv.`,
            ),
          ),
        ]),
    ...recommendations.slice(0, detailed).map((line, i) => recommendation(line, i, timeZone, decideWith)),
    ...(detailed < recommendations.length
      ? [note('Evidence and patches of the other lines are in report.json and the full report.')]
      : []),
    frozenTable(plan.frozen, timeZone),
  ].join('\n');
};

export interface AdviceDetail {
  readonly listed: number;
  readonly detailed: number;
}

const saves = (usd: number): string => `−${text(money(usd))}`;

/** What would be saved were it not paid for already: each alone, and in no sum. */
const frozenTable = (frozen: readonly FrozenAdvice[], timeZone: string): string =>
  frozen.length === 0
    ? ''
    : [
        heading('Nothing to gain before a commitment ends', 3),
        note(
          'What these changes would free is paid for by commitments held today. It becomes money on the day beside it, or sooner where other usage takes the commitment up. Each alone; in no sum above.',
        ),
        table(
          [{ title: 'Change' }, { title: 'Fees freed a month', right: true }, { title: 'Reusable from', right: true }],
          frozen
            .slice(0, frozenMax)
            .map(({ title, usdPerMonth, from, commitments }) => [
              `${text(title)}${small(text(`covered by ${commitments.join(', ')}`))}`,
              text(money(usdPerMonth)),
              text(dateOf(from, timeZone)),
            ]),
        ),
        ...(frozen.length > frozenMax ? [note(`${frozen.length - frozenMax} more are in report.json.`)] : []),
      ].join('\n');

const frozenMax = 20;

const dateOf = (at: EpochSeconds, timeZone: string): string => `${dayOf(at, timeZone)} ${yearOf(at, timeZone)}`;

/** Why such a change saves money at all. */
const reasons: Readonly<Record<AdviceKind, string>> = {
  remove: 'Nothing uses it.',
  size: 'It has more than its busiest minutes need.',
  arm: 'ARM64 does the same work for less per vCPU and GB.',
  policy: 'The same arrivals need fewer tasks when deadlines decide.',
  schedule: 'Fewer tasks need to stand by in hours that are quiet every week.',
  spot: 'Spot capacity costs less, and the promise outlasts the loss of all of it at once.',
  engine: 'Another engine or a newer class does the same for less.',
  stop: 'It runs day and night and is used for a part of the time.',
  commit: 'What the other changes leave runs nearly all the time; a fixed fee covers it for less.',
};

const recommendation = (line: Recommendation, i: number, timeZone: string, decideWith: string | undefined): string =>
  [
    heading(`${i + 1}. ${text(line.title)}`, 3),
    paragraph(text([reasons[line.kind], ...line.evidence.map((evidence) => evidence.text)].join(' '))),
    ...line.evidence.flatMap(({ series = [] }) =>
      series.length < 2 ? [] : [bars({ values: series, ...chartWords(line.kind, series) })],
    ),
    ...line.patch.map((patch) => code(patch.text)),
    ...(line.ifWrong === undefined ? [] : [note(text(ifWrongWords(line.ifWrong)))]),
    note(text(`${worth(line)}${held(line, timeZone)} ${undo(line)} ${terms(line, timeZone)}`)),
    ...(decideWith === undefined ? [] : [code(decideCommand(decideWith, 'accept', line.id))]),
  ].join('\n');

/** The chance of being wrong and its price, beside the saving. */
const ifWrongWords = ({ chancePercent, of, looked, broken, lateJobs, usd }: IfWrong): string =>
  `If it is wrong: ${whole(broken)} of ${whole(looked)} ${of}${looked === 1 ? '' : 's'} looked at would have broken the promise; ` +
  `from so many, the chance is about ${share(chancePercent)} a week. ` +
  `The worst has ${whole(lateJobs)} late job${lateJobs === 1 ? '' : 's'}` +
  `${usd < 0.005 ? '' : ` and takes ${money(usd)} more than usual`}.`;

const chartWords = (
  kind: AdviceKind,
  series: readonly number[],
): Pick<Parameters<typeof bars>[0], 'label' | 'marks'> => {
  const most = Math.max(...series);
  if (kind === 'policy') {
    return { label: `Tasks under slo on the hardest day, by hour, at most ${most}`, marks: quarters('') };
  }
  if (series.length === 24) {
    return { label: `Tasks needed by local hour of a working day, at most ${most}`, marks: quarters('') };
  }
  if (kind === 'stop' && series.length === 48) {
    return {
      label: 'In use, by local hour of working days (left) and of days off',
      marks: [...quarters(''), ...quarters('')],
    };
  }
  return { label: `Busiest minutes of each day in % of the CPU, oldest first, at most ${share(most)}` };
};

const quarters = (after: string) => [0, 6, 12, 18].map((hour) => ({ title: `${hour}:00${after}`, values: 6 }));

const worth = ({ usdPerMonth, aloneUsdPerMonth, percentOfResource }: Recommendation): string => {
  const of = percentOfResource >= 1 ? ` (${share(percentOfResource)} of what it costs by then)` : '';
  const alone =
    Math.abs(aloneUsdPerMonth - usdPerMonth) < 0.005
      ? 'and the same done alone'
      : aloneUsdPerMonth < 0.01
        ? 'nothing without the changes above it'
        : `${money(aloneUsdPerMonth)} done alone`;
  return `Saves ${money(usdPerMonth)} a month in this order${of}, ${alone}.`;
};

const held = ({ frozen }: Recommendation, timeZone: string): string =>
  frozen === undefined
    ? ''
    : ` It also frees ${money(frozen.usdPerMonth)} a month of ${frozen.commitments.join(', ')}: paid for, and saved only from ${dateOf(frozen.from, timeZone)}, unless other usage takes it up before.`;

const undo = ({ reversible, rollback }: Recommendation): string =>
  `${reversible ? 'To undo' : 'Cannot be undone at once'}: ${rollback.replace(/\.?$/, '.')}`;

const terms = ({ owner, expiresAt, risk, effort, confidence }: Recommendation, timeZone: string): string =>
  `Risk ${risk}, effort ${effort}, confidence ${confidence}. ${owner === undefined ? '' : `Owner: ${owner}. `}Look again after ${dayOf(expiresAt, timeZone)}.`;
