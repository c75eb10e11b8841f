import type { WorkReport } from '../../model/observation.ts';
import type { AlertMemory, WorkRow } from '../../model/state.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';

/** The last hour in stretches of five minutes, and the last day in hours. */
export type WorkTally = AlertMemory['tally'];

export const emptyTally: WorkTally = { minutes: [], hours: [] };

const stretchSeconds: Seconds = 300;
const hourSeconds: Seconds = 3600;
const daySeconds: Seconds = 86_400;

/** Stretches that began too long ago are forgotten. A tick without a report adds nothing. */
export const addWork = (tally: WorkTally, work: WorkReport | undefined, now: EpochSeconds): WorkTally => ({
  minutes: added(tally.minutes, work, now, stretchSeconds, hourSeconds),
  hours: added(tally.hours, work, now, hourSeconds, daySeconds),
});

const added = (
  rows: readonly WorkRow[],
  work: WorkReport | undefined,
  now: EpochSeconds,
  width: Seconds,
  keep: Seconds,
): readonly WorkRow[] => {
  const kept = rows.filter(([at]) => at > now - keep - width && at <= now);
  if (work === undefined || (work.started === 0 && work.completed === 0)) return kept;
  const at = Math.floor(now / width) * width;
  const last = kept.at(-1);
  const [begun, before] = last?.[0] === at ? [kept.slice(0, -1), last] : [kept, [at, 0, 0, 0, 0] as const];
  const { started, late, completed, serviceSeconds = work.busySlotSeconds } = work;
  const row: WorkRow = [
    at,
    before[1] + started,
    before[2] + late,
    before[3] + completed,
    Math.round((before[4] + serviceSeconds) * 10) / 10,
  ];
  return [...begun, row];
};

/** Sums over the last seconds, and over what remains of the stretch in which they begin. */
export const inMinutes = (tally: WorkTally, seconds: Seconds, now: EpochSeconds): Sums =>
  sums(tally.minutes, now - seconds - stretchSeconds);
export const inHours = (tally: WorkTally, seconds: Seconds, now: EpochSeconds): Sums =>
  sums(tally.hours, now - seconds - hourSeconds);

export interface Sums {
  readonly started: number;
  readonly late: number;
  readonly completed: number;
  readonly serviceSeconds: Seconds;
}

const sums = (rows: readonly WorkRow[], after: EpochSeconds): Sums => {
  const recent = rows.filter(([at]) => at > after);
  const sum = (index: 1 | 2 | 3 | 4): number => recent.reduce((total, row) => total + row[index], 0);
  return { started: sum(1), late: sum(2), completed: sum(3), serviceSeconds: sum(4) };
};
