import type { Minimums } from '../../../model/applied.ts';
import { taskUsdPerHour } from '../../prices/price-book.ts';
import { hoursAlike } from '../../replay/hours-alike.ts';
import type { PlayedWay } from '../../replay/replays.ts';
import type { Evidence, IfWrong, Proposal } from '../advice.ts';
import type { PlanContext } from '../plan-context.ts';
import { ifWrongByDays } from '../policies/if-wrong.ts';
import { isLate } from '../policies/is-late.ts';
import { keepsWithRoom } from '../policies/keeps-with-room.ts';
import { type MissedWeeks, missedWeeks } from '../policies/missed-weeks.ts';
import { levelAt, type QuietLevels, type QuietWindows, quietWindows } from '../policies/quiet-windows.ts';
import { taskNeed } from '../policies/task-need.ts';
import { wayOf } from '../policies/way-of.ts';
import { type FargateState, type ResourceState, sameShare } from '../resource.ts';
import { seenHours } from '../series.ts';

/**
 * Lower minimums where the week is quiet. Only hours in which the minimum held the fleet up are lowered. What an hour of
 * the week ever needed is where the search begins; where minutes were recorded, the hardest days are replayed, and lower
 * minimums are advised as far down as the promise is kept.
 */
export const proposeSchedule = (state: ResourceState, context: PlanContext): Proposal | undefined => {
  if (state.kind !== 'fargate' || state.scaling?.by === 'other' || isLate(state.usage)) return undefined;
  const { usage, settings, local } = context;
  if (seenHours(state.usage.hourly.tasks) < settings.minHistoryDays * 24) return undefined;
  const need = taskNeed(state.usage, usage.hours, state.slowdown);
  if (need === undefined) return undefined;
  const windows = quietWindows(need, local, state.minimum);
  const best = candidates(windows)
    .map((levels) => tried(state, levels, need, context))
    .filter(({ holds, after }) => holds && after.tasks.some((count, h) => count < (state.tasks[h] as number) - 1e-9))
    .reduce<Tried | undefined>((a, b) => (a === undefined || taskHours(b) < taskHours(a) - 1e-9 ? b : a), undefined);
  if (best === undefined) return undefined;
  const { levels, after, played } = best;
  const usd = taskUsdPerHour(context.book, state.usage.region, state.architecture, state.size, 'onDemand') ?? 0;
  const weeks = missedWeeks(state.usage, need, state.minimum, windows, local, usd);
  const shown = withHoliday(levels, usage.holidays.length > 0);
  const { name } = state.usage;
  const minimums = minimumsOf(shown);
  // Where windows have minimums of their own, one number outside them would not reach those.
  const uniform = state.minimum.every((min) => min === state.minimum[0]) ? uniformOf(minimums) : undefined;
  return {
    kind: 'schedule',
    title:
      uniform === undefined
        ? `${name}: a lower minimum while it is quiet`
        : `${name}: a minimum of ${uniform} instead of ${state.minimum[0]}`,
    change:
      uniform === undefined
        ? { to: 'minimums', timeZone: usage.timeZone, ...minimums }
        : { to: 'bounds', min: uniform },
    after,
    evidence: evidenceOf(state, windows, minimums, weeks, played),
    risk: weeks.broken === 0 && (weeks.missed === 0 || played !== undefined) ? 'low' : 'medium',
    effort: 'low',
    confidence: windows.weeks >= 8 ? 'high' : windows.weeks >= 4 ? 'medium' : 'low',
    reversible: true,
    rollback:
      uniform === undefined
        ? 'Take the windows out of the schedule; the next tick sets the old minimum.'
        : `Set tasks.min back to ${state.minimum[0]}; the next tick starts what is missing.`,
    ifWrong: together(weeks.ifWrong, played && ifWrongByDays(played, state.usage.slo?.percent ?? 0, usd, settings)),
    patch: [
      {
        as: 'config',
        text:
          uniform === undefined
            ? scheduleText(minimums, levels.holiday === undefined)
            : `tasks: { min: ${uniform}, max: ${state.max} }, // min was ${state.minimum[0]}`,
      },
    ],
  };
};

interface Tried {
  readonly levels: QuietLevels;
  readonly after: FargateState;
  /** Absent: nothing to replay. */
  readonly played?: PlayedWay;
  readonly holds: boolean;
}

/** What the weeks needed, and below it. Below stands only what a replay bears out. */
const candidates = (windows: QuietWindows): readonly QuietLevels[] => {
  const { from, to, business, offHours, rest, holiday } = windows;
  const levels = (inside: number, outside: number): QuietLevels => ({
    from,
    to,
    business: Math.min(business, inside),
    offHours: Math.min(offHours, outside),
    rest: Math.min(rest, outside),
    ...(holiday === undefined ? {} : { holiday: Math.min(holiday, outside) }),
  });
  const most = Number.POSITIVE_INFINITY;
  const all = [levels(most, most), levels(most, 0), levels(1, 0), levels(1, 1), levels(0, 0)];
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
};

const tried = (state: FargateState, levels: QuietLevels, need: Float64Array, context: PlanContext): Tried => {
  const { slo } = state.usage;
  const { local } = context;
  const minimum = state.minimum.map((min, h) => Math.min(min, Math.ceil(levelAt(levels, local, h))));
  const played = slo && context.play(state.usage, { ...wayOf(state), minimum }, slo, state.slowdown);
  const isNeeded = need.every((tasks, h) => Math.min(tasks, state.minimum[h] as number) <= (minimum[h] as number));
  const like = played && hoursAlike(played.hours);
  const tasks = state.tasks.map((count, h) => {
    const before = state.minimum[h] as number;
    const least = minimum[h] as number;
    // A fleet above its minimum is where its load has put it, and a lower minimum would not change that.
    if (least >= before || count > before + 0.5) return count;
    const jobs = state.usage.hourly.jobs?.[h];
    if (like === undefined || jobs === null || jobs === undefined) {
      return Math.min(count, Math.max(need[h] as number, least));
    }
    return Math.min(count, Math.max(least, like(jobs, least)));
  });
  return {
    levels,
    after: { ...state, minimum, tasks, onDemand: sameShare(state, tasks) },
    ...(played === undefined ? {} : { played }),
    holds: played === undefined || slo === undefined ? isNeeded : keeps(played, slo.percent, isNeeded, state, context),
  };
};

const keeps = (
  played: PlayedWay,
  percent: number,
  isNeeded: boolean,
  state: FargateState,
  { play }: PlanContext,
): boolean => {
  if (!isNeeded) return keepsWithRoom(played, percent);
  if (played.attainedPercent >= percent) return true;
  // Days that break the promise under today's minimums too say nothing against lower ones.
  const today = state.usage.slo && play(state.usage, wayOf(state), state.usage.slo, state.slowdown);
  return today !== undefined && played.late <= today.late;
};

const taskHours = ({ after }: Tried): number => after.tasks.reduce((sum, count) => sum + count, 0);

/** Holidays that are known and of which none was seen: the busiest hours of a working day, since nobody knows better. */
const withHoliday = (levels: QuietLevels, areKnown: boolean): QuietLevels => ({
  ...levels,
  holiday: areKnown ? (levels.holiday ?? levels.business) : levels.rest,
});

const minimumsOf = (levels: QuietLevels): Minimums => {
  const { from, to, business, offHours, rest } = levels;
  const [day, night, off] = [Math.ceil(business), Math.ceil(offHours), Math.ceil(rest)];
  const holiday = Math.ceil(levels.holiday ?? rest);
  return {
    from,
    until: to,
    business: day,
    offHours: night,
    rest: off,
    ...(holiday === off ? {} : { holiday }),
  };
};

/** The same number all week: no windows are needed for that. */
const uniformOf = ({ business, offHours, rest, holiday = rest }: Minimums): number | undefined =>
  business === offHours && offHours === rest && rest === holiday ? rest : undefined;

const evidenceOf = (
  state: FargateState,
  windows: QuietWindows,
  minimums: Minimums,
  { missed, broken }: MissedWeeks,
  played: PlayedWay | undefined,
): readonly Evidence[] => [
  {
    text:
      `Minimums that are enough: ${words(minimums)}.` +
      (played === undefined ? ' By a formula over the hours; no minutes were recorded or left to replay.' : ''),
    ...(new Set(windows.byHourOfWorkday).size > 1 ? { series: windows.byHourOfWorkday } : {}),
  },
  {
    text:
      `${missed} of the last ${windows.weeks} weeks would have needed more than the other weeks show` +
      (missed > 0
        ? `, and ${broken} of them would have broken the promise; then the scaler adds tasks, and jobs wait for one start-up.`
        : '.'),
  },
  ...(played === undefined || state.usage.slo === undefined
    ? []
    : [
        {
          text:
            `The ${played.days.length === 1 ? 'hardest day' : `${played.days.length} hardest days`} again with them: ` +
            `${played.attainedPercent.toFixed(2)} % of ${played.judged.toLocaleString('en-US')} jobs start within ${state.usage.slo.startWithinSeconds} s, of ${state.usage.slo.percent} %.`,
        },
      ]),
];

const words = (minimums: Minimums): string => {
  const { from, until, business, offHours, rest, holiday } = minimums;
  const uniform = uniformOf(minimums);
  if (uniform !== undefined) return `${uniform} at any time`;
  const days = holiday === undefined ? 'weekends and holidays' : 'weekends';
  return (
    `${business} on working days ${clock(from)} to ${clock(until)}, ${offHours} in other hours of working days, ` +
    `${rest} on ${days}${holiday === undefined ? '' : `, ${holiday} on holidays`}`
  );
};

/** What was seen to go wrong, by the weeks or in the replay; where nothing was, the weeks are more than the days. */
const together = (weeks: IfWrong, days: IfWrong | undefined): IfWrong =>
  days === undefined || days.broken === 0 || days.chancePercent <= weeks.chancePercent ? weeks : days;

const scheduleText = (minimums: Minimums, isUnseen: boolean): string => {
  const { from, until, business, offHours, rest, holiday } = minimums;
  return [
    'schedule: [',
    ...(holiday === undefined
      ? []
      : [
          `  { name: 'holidays', days: 'holidays', tasks: { min: ${holiday} } },${isUnseen ? ' // none was seen yet' : ''}`,
        ]),
    `  { name: 'business', days: 'weekdays', from: '${clock(from)}', to: '${clock(until)}', tasks: { min: ${business} } },`,
    `  { name: 'weekend', days: 'weekends', tasks: { min: ${rest} } },`,
    `  { name: 'off hours', tasks: { min: ${offHours} } },`,
    '],',
  ].join('\n');
};

const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;
