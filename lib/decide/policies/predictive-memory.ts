import type { Json } from '../../model/state.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';

/** CPU, memory and active jobs, as totals of the service, so that the number of tasks does not change them: percent × tasks, percent × tasks, jobs. */
export type Values = readonly (number | null)[];

/**
 * What the predictive policy learns: a profile by hour of the week (UTC) and series, the slot in progress, the
 * forecasts not yet scored, and how wrong the scored ones were. Never more than about 3 KB, however long it runs.
 */
export interface PredictiveMemory {
  readonly firstAt: EpochSeconds;
  /** Number of the slot in progress, counted from the epoch. */
  readonly slot: number;
  readonly sums: readonly number[];
  readonly counts: readonly number[];
  /** Means of the last whole slot. */
  readonly recent: Values;
  readonly slotsSeen: number;
  /** By series 168 means, null where nothing was seen; an empty list while a series was never known. */
  readonly profile: readonly Values[];
  /** Forecasts by the slot they are for: `[slot, cpu, memory, activeJobs]`. */
  readonly pending: readonly Values[];
  /** Mean relative error of scored forecasts, 0 to 1. Null: none scored. */
  readonly error: number | null;
}

export const slotSeconds: Seconds = 300;
const hoursOfWeek = 168;
const learningRate = 0.1;
const mostPending = 12;

/** Adds this tick's values; at the end of a slot it is folded into the profile and the forecasts for it are scored. */
export const learn = (
  before: Json | undefined,
  now: EpochSeconds,
  horizon: Seconds,
  values: Values,
): PredictiveMemory => {
  const slot = Math.floor(now / slotSeconds);
  const memory = readMemory(before) ?? fresh(now, slot);
  return added(slot > memory.slot ? closed(memory, now, slot, horizon) : memory, values);
};

/** The load expected at an instant: the profile there, shifted by how far the present is off its own profile. */
export const forecast = (memory: PredictiveMemory, at: EpochSeconds): Values =>
  memory.profile.map((profile, series) => {
    const then = profileAt(profile, at);
    if (then === null) return null;
    // At the edge of an hour the higher reading counts: to be early costs minutes of a task, to be late costs the jobs.
    const expected = Math.max(then.smooth, then.flat);
    const recent = memory.recent[series] ?? null;
    const now = profileAt(profile, (memory.slot - 0.5) * slotSeconds);
    if (recent === null || now === null) return expected;
    const usual = Math.abs(now.smooth - recent) < Math.abs(now.flat - recent) ? now.smooth : now.flat;
    return usual <= 0 ? expected : expected * Math.min(2, Math.max(0.5, recent / usual));
  });

/** 1 minus the mean relative error of past forecasts; 0 until one was scored. */
export const confidenceOf = (memory: PredictiveMemory): number => (memory.error === null ? 0 : 1 - memory.error);

const fresh = (now: EpochSeconds, slot: number): PredictiveMemory => ({
  firstAt: now,
  slot,
  sums: [0, 0, 0],
  counts: [0, 0, 0],
  recent: [null, null, null],
  slotsSeen: 0,
  profile: [[], [], []],
  pending: [],
  error: null,
});

const added = (memory: PredictiveMemory, values: Values): PredictiveMemory => ({
  ...memory,
  sums: memory.sums.map((sum, series) => sum + (values[series] ?? 0)),
  counts: memory.counts.map((count, series) => count + (typeof values[series] === 'number' ? 1 : 0)),
});

const closed = (memory: PredictiveMemory, now: EpochSeconds, slot: number, horizon: Seconds): PredictiveMemory => {
  const means = memory.counts.map((count, series) =>
    count === 0 ? null : rounded((memory.sums[series] ?? 0) / count),
  );
  const seen = means.some((mean) => mean !== null);
  const hour = Math.floor((memory.slot * slotSeconds) / 3600) % hoursOfWeek;
  const learnt: PredictiveMemory = {
    ...memory,
    slot,
    sums: [0, 0, 0],
    counts: [0, 0, 0],
    recent: means,
    slotsSeen: memory.slotsSeen + (seen ? 1 : 0),
    profile: memory.profile.map((profile, series) => folded(profile, hour, means[series] ?? null)),
    error: scored(memory, means),
    pending: memory.pending.filter((entry) => (entry[0] ?? 0) > memory.slot),
  };
  return { ...learnt, pending: withForecast(learnt, now, horizon) };
};

const folded = (profile: Values, hour: number, mean: number | null): Values => {
  if (mean === null) return profile;
  const copy = profile.length === hoursOfWeek ? [...profile] : new Array<number | null>(hoursOfWeek).fill(null);
  const old = copy[hour] ?? null;
  copy[hour] = rounded(old === null ? mean : old + learningRate * (mean - old));
  return copy;
};

const scored = (memory: PredictiveMemory, actual: Values): number | null => {
  let { error } = memory;
  for (const entry of memory.pending) {
    if (entry[0] !== memory.slot) continue;
    const miss = relativeError(entry.slice(1), actual);
    if (miss === null) continue;
    error = error === null ? miss : error + learningRate * (miss - error);
  }
  return error === null ? null : Math.round(error * 1e4) / 1e4;
};

/** That of the worst series: memory hardly moves, and must not lend its confidence to CPU. */
const relativeError = (expected: Values, actual: Values): number | null => {
  let worst: number | null = null;
  for (const [series, wanted] of expected.entries()) {
    const got = actual[series] ?? null;
    if (wanted === null || got === null) continue;
    const scale = Math.max(Math.abs(wanted), Math.abs(got));
    const miss = scale === 0 ? 0 : Math.min(1, Math.abs(wanted - got) / scale);
    worst = Math.max(worst ?? 0, miss);
  }
  return worst;
};

/** Long horizons keep only some of their forecasts, evenly spread, so that the list stays short. */
const withForecast = (memory: PredictiveMemory, now: EpochSeconds, horizon: Seconds): readonly Values[] => {
  const target = Math.floor((now + horizon) / slotSeconds);
  const last = memory.pending.at(-1)?.[0] ?? -Infinity;
  const spacing = Math.max(1, Math.ceil(horizon / slotSeconds / mostPending));
  if (target < last + spacing) return memory.pending;
  const expected = forecast(memory, (target + 0.5) * slotSeconds);
  if (expected.every((value) => value === null)) return memory.pending;
  const entry = [target, ...expected.map((value) => (value === null ? null : rounded(value)))];
  return [...memory.pending, entry].slice(-mostPending);
};

/** Two readings of a profile of hours: `smooth`, a straight line between their middles, fits a ramp; `flat`, the hour's mean, fits a jump. */
const profileAt = (profile: Values, at: EpochSeconds): { readonly smooth: number; readonly flat: number } | null => {
  if (profile.length === 0) return null;
  const position = at / 3600 - 0.5;
  const hour = Math.floor(position);
  const left = hourMean(profile, hour);
  const right = hourMean(profile, hour + 1);
  if (left === null || right === null) {
    const only = left ?? right;
    return only === null ? null : { smooth: only, flat: only };
  }
  const share = position - hour;
  return { smooth: left + share * (right - left), flat: share < 0.5 ? left : right };
};

/** The mean of that hour of the week; in the first week the same hour of the other days. */
const hourMean = (profile: Values, hour: number): number | null => {
  const own = profile[hour % hoursOfWeek] ?? null;
  if (own !== null) return own;
  let sum = 0;
  let count = 0;
  for (let other = hour % 24; other < hoursOfWeek; other += 24) {
    const mean = profile[other] ?? null;
    if (mean === null) continue;
    sum += mean;
    count += 1;
  }
  return count === 0 ? null : sum / count;
};

const rounded = (value: number): number => Number(value.toPrecision(4));

const readMemory = (json: Json | undefined): PredictiveMemory | undefined => {
  const memory = json as Partial<PredictiveMemory> | undefined | null;
  const usable =
    typeof memory?.firstAt === 'number' && typeof memory.slot === 'number' && Array.isArray(memory.profile);
  return usable ? (memory as PredictiveMemory) : undefined;
};
