import { type Reading, unknown } from '../model/observation.ts';
import { type Combining, combiningOf } from '../model/signal.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { dated } from './newest-of.ts';
import type { SignalPlan } from './signal-plan.ts';

/** What the tasks of a service reported in one window of time. */
export interface SignalWindow {
  /** Its end. Values that come later are in the next one. */
  readonly at: EpochSeconds;
  readonly periodSeconds: Seconds;
  /** By name: the sum of the tasks' values, and how many tasks there were. */
  readonly values: Readonly<Record<string, { readonly sum: number; readonly tasks: number }>>;
}

/** Newest first, or why they are not known. */
export type SignalWindows = readonly SignalWindow[] | { readonly failed: string };

/** A write that left a task within its window may take this long to be readable; half of a short window is enough for local runs. */
const arrivalSeconds = (periodSeconds: Seconds): Seconds => Math.min(5, periodSeconds / 2);

/**
 * A signal that the tasks report themselves: of the newest whole window in which any task reported it. A task that is
 * gone is not in it, which is all that expiry needs.
 */
export const beaconSignal = (name: string, combine: Combining = combiningOf(name)): SignalPlan => ({
  queries: [],
  beacon: true,
  read: (_, { windows, now }) => {
    if ('failed' in windows) return unknown('failed', windows.failed);
    const window = windows.find(
      ({ at, periodSeconds, values }) => at + arrivalSeconds(periodSeconds) <= now && values[name] !== undefined,
    );
    return window === undefined ? unknown('missing', `no task has reported ${name}`) : reported(window, name, combine);
  },
});

const reported = (window: SignalWindow, name: string, combine: Combining): Reading<number> => {
  const { sum = 0, tasks = 0 } = window.values[name] ?? {};
  if (!(tasks > 0) || !Number.isFinite(sum)) return unknown('failed', `${name} was reported without a count of tasks`);
  return dated({ at: window.at, value: combine === 'sum' ? sum : sum / tasks }, window.periodSeconds);
};
