import type { History } from '../../model/history.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { Setting } from '../baselines/situation.ts';
import { spanOf } from './history.ts';

/** The fleet as it was, for a run whose tasks are ready the instant they are asked for (`startsKnownAhead`). */
export interface RecordedFleet {
  readonly setting: Setting;
  /** Task-seconds by the record itself, while it has any. */
  readonly taskSeconds: Seconds;
  /** Share of the span for which counts were recorded. Elsewhere the last count stands. */
  readonly knownShare: number;
  readonly tasksMax: number;
}

/** Undefined when no running count was recorded. */
export const recordedFleet = (history: History): RecordedFleet | undefined => {
  const { from, to } = spanOf(history);
  const known = history.flatMap(({ at, periodSeconds, running }) =>
    running !== undefined && at + periodSeconds > from && at < to ? [{ at, periodSeconds, running }] : [],
  );
  const first = known[0];
  if (first === undefined || to <= from) return undefined;
  return {
    setting: {
      text: 'the task counts as they were recorded',
      create: () => ({
        tickSeconds: Math.min(60, ...known.map(({ periodSeconds }) => periodSeconds)),
        initial: Math.round(first.running),
        decide: follow(known, from),
      }),
    },
    taskSeconds: known.reduce((sum, { periodSeconds, running }) => sum + periodSeconds * running, 0),
    knownShare: Math.min(1, known.reduce((sum, { periodSeconds }) => sum + periodSeconds, 0) / (to - from)),
    tasksMax: known.reduce((most, { running }) => Math.max(most, Math.ceil(running)), 0),
  };
};

const follow = (known: readonly { readonly at: EpochSeconds; readonly running: number }[], from: EpochSeconds) => {
  let next = 0;
  let count: number | undefined;
  return ({ t }: { readonly t: Seconds }): number | undefined => {
    for (let point = known[next]; point && point.at - from <= t; point = known[next]) {
      count = Math.round(point.running);
      next += 1;
    }
    return count;
  };
};
