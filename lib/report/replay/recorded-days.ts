import type { LocalHours } from '../plan/policies/local-hours.ts';
import type { FargateUsage } from '../usage/usage.ts';

/** A local day of the window whose jobs are known in every hour. */
export interface RecordedDay {
  /** Hours of the window: the first, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly jobs: number;
  /** Jobs of its busiest hour. */
  readonly peak: number;
  readonly kind: DayKind;
  /** Recorded minute by minute; else its hours are all there is, and bursts within one do not show. */
  readonly byMinute: boolean;
}

export type DayKind = 'workday' | 'weekend' | 'holiday';

export const recordedDays = (usage: FargateUsage, local: LocalHours, hours: number): readonly RecordedDay[] => {
  const jobs = usage.hourly.jobs ?? [];
  const firstMinuteHour = hours - Math.floor((usage.arrivalsByMinute?.length ?? 0) / 60);
  const days: RecordedDay[] = [];
  for (let from = 0; from < hours; ) {
    let to = from + 1;
    while (to < hours && local.hourOfDay[to] !== 0) to += 1;
    const counts = jobs.slice(from, to);
    const whole = local.hourOfDay[from] === 0 && (to < hours || local.hourOfDay[to - 1] === 23);
    if (whole && counts.length === to - from && counts.every((count) => count !== null)) {
      days.push({
        from,
        to,
        jobs: counts.reduce((sum: number, count) => sum + (count ?? 0), 0),
        peak: Math.max(...counts.map((count) => count ?? 0)),
        kind: dayKindAt(local, from),
        byMinute: from >= firstMinuteHour,
      });
    }
    from = to;
  }
  return days;
};

export const dayKindAt = ({ restDay, holiday }: LocalHours, h: number): DayKind =>
  holiday[h] === 1 ? 'holiday' : restDay[h] === 1 ? 'weekend' : 'workday';

/**
 * The days that tell most, hardest first: the busiest recorded by the minute, the busiest of each other kind, the one with
 * the worst hour, and from there on the busiest that are left.
 */
export const hardestDays = (days: readonly RecordedDay[], count: number): readonly RecordedDay[] => {
  const byJobs = days.toSorted((a, b) => b.jobs - a.jobs || a.from - b.from);
  const minutes = byJobs.filter(({ byMinute }) => byMinute);
  const wanted = [
    minutes[0],
    minutes.find(({ kind }) => kind !== minutes[0]?.kind),
    byJobs.find(({ kind }) => kind === 'holiday'),
    days.toSorted((a, b) => b.peak - a.peak || a.from - b.from)[0],
    ...minutes,
    ...byJobs,
  ];
  return [...new Set(wanted.filter((day) => day !== undefined))].slice(0, count);
};
