import type { AppliedReading } from '../model/applied.ts';
import type { ServiceBinding } from '../model/binding.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { describeError, timeBox } from '../observe/time-box.ts';
import type { Tick } from './due.ts';
import type { TickDependencies } from './ports.ts';

/** One tick under way. */
export interface Run {
  readonly tick: Tick;
  readonly now: EpochSeconds;
  readonly deps: TickDependencies;
  readonly signal: AbortSignal;
  readonly problems: Problem[];
  /** Up to when this very tick has sent others. 0: it sent none. */
  sentUntil: EpochSeconds;
  /** What lies over the config of a service at this tick. */
  appliedTo: (binding: ServiceBinding) => AppliedReading | undefined;
}

/** Something that went wrong and did not stop the tick. */
export interface Problem {
  readonly what: string;
  readonly text: string;
  readonly service?: string;
  /** Absent: an error. */
  readonly level?: 'info';
}

/** What each step may take. The sum stays below the function's time-out of 30 s. */
export const stepSeconds: Readonly<
  Record<'load' | 'overrides' | 'send' | 'learnt' | 'observe' | 'commit' | 'act' | 'record', Seconds>
> = {
  load: 3,
  overrides: 2,
  send: 3,
  learnt: 3,
  observe: 5,
  commit: 4,
  act: 6,
  record: 5,
};

/** The answer, or undefined and a problem on the list. */
export async function attempt<T>(
  run: Run,
  what: string,
  limitSeconds: Seconds,
  work: (signal: AbortSignal) => Promise<T>,
  service?: string,
): Promise<T | undefined> {
  try {
    return await timeBox(what, limitSeconds, run.signal, work);
  } catch (error) {
    run.problems.push({ what, text: describeError(error), ...(service === undefined ? {} : { service }) });
    return undefined;
  }
}
