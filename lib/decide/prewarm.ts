import { secondsUntilReady } from '../forecast/start-delay.ts';
import type { ExplanationStep } from '../model/decision.ts';
import type { ComingWindow, Settings, TaskSize } from '../model/plan.ts';
import type { StartDelay } from '../model/state.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';

/** The settings with what a coming window needs already in force, and why. */
export interface Prewarmed {
  readonly settings: Settings;
  /** Present: the floor was lifted for this window. */
  readonly floor?: ComingWindow;
  /** Present: the size is that of this window. */
  readonly size?: ComingWindow;
  readonly leadSeconds: Seconds;
  /** When the last window that is being prepared begins; 0: none is. */
  readonly until: EpochSeconds;
}

/**
 * Lets the floor and the larger task size of a window that begins soon hold from the moment at which tasks must be
 * started to be ready when it begins. The ceiling of the present window gives way: a ceiling and a floor that meet at
 * 08:00 could otherwise never both be kept.
 *
 * @param begunUntil windows that begin until then were being prepared at the last tick, and stay so: the first of their tasks
 *   may start sooner than expected, and with the shorter lead time the fleet would go back and forth
 */
export const prewarm = (
  settings: Settings,
  startDelay: StartDelay,
  now: EpochSeconds,
  begunUntil: EpochSeconds = 0,
): Prewarmed => {
  let warmed: Prewarmed = { settings, leadSeconds: 0, until: 0 };
  for (const coming of settings.coming ?? []) {
    // The tick after this one may be the first that is too late.
    const leadSeconds = secondsUntilReady(startDelay, coming.min) + settings.tickSeconds;
    if (coming.at - now > leadSeconds && coming.at > begunUntil) continue;
    warmed = withSize(withFloor(warmed, coming, leadSeconds), coming, leadSeconds);
    warmed = { ...warmed, until: Math.max(warmed.until, coming.at) };
  }
  return warmed;
};

/** The step to explain with, when more than `wanted` is started for the window to come. */
export const prewarmStep = (
  { floor, leadSeconds }: Prewarmed,
  wanted: number,
  now: EpochSeconds,
): ExplanationStep | undefined => {
  if (!floor || wanted >= floor.min) return undefined;
  const text = `The window "${floor.window}" needs ${floor.min} tasks in ${Math.round(floor.at - now)} s and a start takes up to ${Math.round(leadSeconds)} s, so they start now.`;
  return { stage: 'bound', code: 'prewarm', text, from: wanted, to: floor.min };
};

const withFloor = (warmed: Prewarmed, coming: ComingWindow, leadSeconds: Seconds): Prewarmed => {
  const { tasks } = warmed.settings;
  if (coming.min <= tasks.min) return warmed;
  const lifted = { min: coming.min, max: Math.max(coming.min, tasks.max) };
  return { ...warmed, settings: { ...warmed.settings, tasks: lifted }, floor: coming, leadSeconds };
};

/** Smaller tasks wait for their window: until it begins, the present one has a right to its own. */
const withSize = (warmed: Prewarmed, coming: ComingWindow, leadSeconds: Seconds): Prewarmed => {
  if (warmed.size || !isLarger(coming.size, warmed.settings.size)) return warmed;
  return { ...warmed, settings: { ...warmed.settings, size: coming.size }, size: coming, leadSeconds };
};

const isLarger = (a: TaskSize, b: TaskSize): boolean =>
  a.cpu >= b.cpu && a.memoryMiB >= b.memoryMiB && (a.cpu > b.cpu || a.memoryMiB > b.memoryMiB);
