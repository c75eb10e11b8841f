import type { EpochSeconds, Seconds } from '../model/units.ts';

/**
 * How often the need comes back to a level after it was below it for a while: the chance of a burst, learnt for levels of
 * tasks and for the time since the level was last needed.
 */
export interface Bursts {
  readonly at: EpochSeconds;
  /** By level: when the need was last at least that high. 0: never. */
  readonly lastAt: readonly EpochSeconds[];
  /** By level × gap: seconds that were spent below the level with that gap, and returns to the level; decayed. */
  readonly belowSeconds: readonly Seconds[];
  readonly returns: readonly number[];
}

/** Tasks. Between two levels a task belongs to the higher one. */
export const burstLevels: readonly number[] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];
/** A gap belongs to the first border that is not below it, or to the last class. */
const gapBorders: readonly Seconds[] = [20, 40, 80, 160, 320, 640, 1280];
const gapCount = gapBorders.length + 1;
const halfLifeSeconds: Seconds = 2 * 86_400;
/** One quiet quarter of an hour is the weight of the belief that a burst does not come back. */
const quietPriorSeconds: Seconds = 900;

export const initialBursts: Bursts = {
  at: 0,
  lastAt: burstLevels.map(() => 0),
  belowSeconds: Array(burstLevels.length * gapCount).fill(0),
  returns: Array(burstLevels.length * gapCount).fill(0),
};

/** @param tasks that would be busy now if each job had been started at once */
export const observeNeed = (bursts: Bursts, now: EpochSeconds, tasks: number): Bursts => {
  if (bursts.at === 0) return { ...bursts, at: now, lastAt: burstLevels.map((level) => (tasks >= level ? now : 0)) };
  const elapsedSeconds = Math.max(0, now - bursts.at);
  const hours = Math.floor(now / 3600) - Math.floor(bursts.at / 3600);
  const kept = 2 ** ((-hours * 3600) / halfLifeSeconds);
  const belowSeconds = hours > 0 ? bursts.belowSeconds.map((x) => Math.round(x * kept)) : [...bursts.belowSeconds];
  const returns = hours > 0 ? bursts.returns.map((x) => Math.round(x * kept * 100) / 100) : [...bursts.returns];
  const lastAt = burstLevels.map((level, i) => {
    const before = bursts.lastAt[i] ?? 0;
    const cell = i * gapCount + gapClass(bursts.at - before);
    if (before < bursts.at) belowSeconds[cell] = (belowSeconds[cell] ?? 0) + elapsedSeconds;
    if (tasks < level) return before;
    if (before < bursts.at) returns[cell] = (returns[cell] ?? 0) + 1;
    return now;
  });
  return { at: now, lastAt, belowSeconds, returns };
};

/** Chance per second that the level is needed again, given how long it was not. */
export const returnsPerSecond = (bursts: Bursts, level: number): number => {
  const cell = level * gapCount + gapClass(bursts.at - (bursts.lastAt[level] ?? 0));
  return (bursts.returns[cell] ?? 0) / ((bursts.belowSeconds[cell] ?? 0) + quietPriorSeconds);
};

const gapClass = (seconds: Seconds): number => {
  const found = gapBorders.findIndex((border) => seconds <= border);
  return found < 0 ? gapCount - 1 : found;
};
