import { known, type Observation, type Reading, unknown } from '../model/observation.ts';
import type { ServicePlan } from '../model/plan.ts';
import type { SpendingMark } from '../model/state.ts';
import type { EpochSeconds, Seconds, Usd } from '../model/units.ts';
import { monthAt } from '../schedule/month.ts';

/** What an hour cost: its start, UTC, and its list price. */
export interface HourCost {
  readonly at: EpochSeconds;
  readonly usd: Usd;
}

/** Hourly costs of one service, or of all of the stage, that begin within `from <= at < to`. Rejects when they cannot be told. */
export type ReadHourCosts = (
  scope: { readonly service: string } | 'all',
  from: EpochSeconds,
  to: EpochSeconds,
) => Promise<readonly HourCost[]>;

export type Spending = { readonly own?: SpendingMark; readonly shared?: SpendingMark };

const readEverySeconds: Seconds = 15 * 60;
const hour: Seconds = 3600;

/**
 * What was spent this month, for the budgets of a plan. The sum is read at most every 15 minutes, and only from the hours
 * that could have changed since.
 */
export async function spendingOf(
  plan: ServicePlan,
  before: Spending | undefined,
  now: EpochSeconds,
  read: ReadHourCosts,
): Promise<Spending> {
  const month = monthAt(plan.calendar.timeZone, now);
  const [own, shared] = await Promise.all([
    plan.budget && markOf(before?.own, month, now, (from) => read({ service: plan.service }, from, now)),
    plan.sharedBudget && markOf(before?.shared, month, now, (from) => read('all', from, now)),
  ]);
  return { ...(own && { own }), ...(shared && { shared }) };
}

async function markOf(
  before: SpendingMark | undefined,
  month: { readonly from: EpochSeconds; readonly until: EpochSeconds },
  now: EpochSeconds,
  read: (from: EpochSeconds) => Promise<readonly HourCost[]>,
): Promise<SpendingMark> {
  const same = before?.from === month.from ? before : undefined;
  if (same !== undefined && now - same.readAt < readEverySeconds) return same;
  // Rollups are in UTC hours: where a month begins within one, that hour counts for the month.
  const first = Math.floor(month.from / hour) * hour;
  const from = same?.closedUntil ?? first;
  const hours = await read(from);
  // Rollups of an hour are written until some minutes after it.
  const closedUntil = Math.max(first, from, Math.floor(now / hour - 1) * hour);
  let closedUsd = same?.closedUsd ?? 0;
  let openUsd = 0;
  for (const { at, usd } of hours) {
    if (at < closedUntil) closedUsd += usd;
    else openUsd += usd;
  }
  return { ...month, closedUntil, closedUsd, usd: closedUsd + openUsd, readAt: now };
}

/** Spending as signals, brought forward from the last reading to now, and on to the end of the month at the present rate. */
export function withSpending(observation: Observation, plan: ServicePlan, spending: Spending | undefined): Observation {
  if (plan.budget === undefined && plan.sharedBudget === undefined) return observation;
  const { now } = observation;
  return {
    ...observation,
    signals: {
      ...observation.signals,
      ...(plan.budget && signalsOf(spending?.own, now, 'spentUsd', 'forecastUsd')),
      ...(plan.sharedBudget && signalsOf(spending?.shared, now, 'sharedSpentUsd', 'sharedForecastUsd')),
    },
  };
}

const signalsOf = (
  mark: SpendingMark | undefined,
  now: EpochSeconds,
  spentName: string,
  forecastName: string,
): Readonly<Record<string, Reading<number>>> => {
  if (mark === undefined || now >= mark.until)
    return { [spentName]: unknown('missing', 'the hourly costs could not be read yet') };
  const perSecond = (mark.usd - mark.closedUsd) / Math.max(hour, mark.readAt - mark.closedUntil);
  const spent = mark.usd + perSecond * (now - mark.readAt);
  return { [spentName]: known(now, spent), [forecastName]: known(now, spent + perSecond * (mark.until - now)) };
};
