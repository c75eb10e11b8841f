import type { Proposal } from '../advice.ts';
import type { PlanContext } from '../plan-context.ts';
import { type QuietWindows, quietWindows } from '../quiet-windows.ts';
import { type FargateState, minimumAt, type ResourceState, sameShare } from '../resource.ts';
import { seenHours } from '../series.ts';
import { taskNeed } from '../task-need.ts';
import { isLate } from './fargate-size.ts';

/**
 * Lower minimums where the week is quiet. Only hours in which the minimum held the fleet up are lowered, and never
 * below what that hour of the week ever needed: in none of the weeks seen would the promise have been missed.
 */
export const proposeSchedule = (state: ResourceState, context: PlanContext): Proposal | undefined => {
  if (state.kind !== 'fargate' || isLate(state.usage)) return undefined;
  const { usage, settings, local } = context;
  if (seenHours(state.usage.hourly.tasks) < settings.minHistoryDays * 24) return undefined;
  const need = taskNeed(state.usage, usage.hours, state.slowdown);
  if (need === undefined) return undefined;
  const windows = quietWindows(
    need,
    local,
    need.map((_, h) => minimumAt(state.usage, h)),
  );
  const after = lowered(state, need, windows, context);
  if (after.tasks.every((count, h) => count === state.tasks[h])) return undefined;
  const { name } = state.usage;
  return {
    kind: 'schedule',
    title: `${name}: a lower minimum while it is quiet`,
    change: {
      to: 'minimums',
      timeZone: usage.timeZone,
      from: windows.from,
      until: windows.to,
      business: windows.business,
      offHours: windows.offHours,
      rest: windows.rest,
    },
    after,
    evidence: [
      {
        text:
          `Minimums that were enough: ${windows.business} on working days ${clock(windows.from)} to ${clock(windows.to)}, ` +
          `${windows.offHours} in other hours of working days, ${windows.rest} on weekends and holidays.`,
        series: windows.byHourOfWorkday,
      },
      {
        text:
          `${windows.weeksMissed} of the last ${windows.weeks} weeks would have needed more than the other weeks show` +
          (windows.weeksMissed > 0 ? '; then the scaler adds tasks, and jobs wait for one start-up.' : '.'),
      },
    ],
    risk: windows.weeksMissed === 0 ? 'low' : 'medium',
    effort: 'low',
    confidence: windows.weeks >= 8 ? 'high' : windows.weeks >= 4 ? 'medium' : 'low',
    reversible: true,
    rollback: 'Take the windows out of the schedule; the next tick sets the old minimum.',
    patch: [{ as: 'config', text: scheduleText(windows) }],
  };
};

const lowered = (
  state: FargateState,
  need: Float64Array,
  windows: QuietWindows,
  { local }: PlanContext,
): FargateState => {
  const tasks = state.tasks.map((count, h) => {
    const min = minimumAt(state.usage, h);
    // A fleet above its minimum is where its load has put it, and a lower minimum would not change that.
    if (count > min + 0.5) return count;
    return Math.min(count, Math.max(need[h] as number, windows.levelAt(local, h)));
  });
  return { ...state, tasks, onDemand: sameShare(state, tasks) };
};

const scheduleText = ({ from, to, business, offHours, rest }: QuietWindows): string =>
  [
    'schedule: [',
    `  { name: 'business', days: 'weekdays', from: '${clock(from)}', to: '${clock(to)}', tasks: { min: ${business} } },`,
    `  { name: 'weekend', days: 'weekends', tasks: { min: ${rest} } },`,
    `  { name: 'off hours', tasks: { min: ${offHours} } },`,
    '],',
  ].join('\n');

const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;
