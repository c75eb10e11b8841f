import { startDelayQuantile } from '../../forecast/start-delay.ts';
import type { Observation } from '../../model/observation.ts';
import type { Settings } from '../../model/plan.ts';
import type { StartDelay } from '../../model/state.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { type Ruling, unchanged } from '../ruling.ts';

const z95 = 1.645;

/** Since when jobs wait without any task. 0: they do not, or there is a task. */
export const waitingSince = (
  before: EpochSeconds,
  observation: Observation,
  current: number,
  now: EpochSeconds,
): EpochSeconds => {
  const waiting = observation.queues.some(({ counts }) => counts.known && counts.value.visible > 0);
  if (current > 0 || !waiting) return 0;
  return before > 0 ? before : now;
};

/**
 * The last word at zero tasks: a job that waits gets a task in time for its promise, whatever the policies make of it
 * (CPU of nothing is unknown, a vote may lack its voters, a share of a task rounds down).
 */
export const wakeFromZero = (
  wanted: number,
  current: number,
  since: EpochSeconds,
  settings: Settings,
  startDelay: StartDelay,
  now: EpochSeconds,
): Ruling => {
  if (wanted > 0 || current > 0 || since === 0) return unchanged(wanted);
  const promised = Math.min(...settings.queues.map((queue) => queue.startWithinSeconds));
  const canWait = promised - startDelayQuantile(startDelay, z95) - 2 * settings.tickSeconds;
  if (now - since < canWait) return unchanged(wanted);
  const text = 'Jobs wait and there is no task, so one is started.';
  return { desired: 1, steps: [{ stage: 'guard', code: 'wakeFromZero', text, from: wanted, to: 1 }], alerts: [] };
};
