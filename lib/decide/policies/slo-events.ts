import { secondsUntilReady } from '../../forecast/start-delay.ts';
import type { DeclaredEvent } from '../../model/plan.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { Outlook } from './slo-outlook.ts';

/** What declared events ask for now. */
export interface EventDemand {
  /** Tasks to have, started now so that all are ready when the event begins. 0: none is due to be prepared. */
  readonly tasks: number;
  /** An event has begun and does not show in the counters yet: nothing goes. */
  readonly keepAll: boolean;
}

/** The load is not known exactly, and arrivals vary: so many standard deviations are prepared for. */
const spareSigmas = 1;

/**
 * The fleet for load that was declared: `factor` times the present load, or as many jobs as it says. From the event's beginning on, what is seen decides;
 * an event that does not come is let go as soon as it would have shown.
 *
 * @param counterSeconds age of the counters
 */
export const eventDemand = (
  events: readonly DeclaredEvent[],
  outlook: Outlook,
  now: EpochSeconds,
  counterSeconds: Seconds,
): EventDemand => {
  const { ratePerSecond, serviceSeconds, concurrency, startDelay, tickSeconds } = outlook;
  const showsAfterSeconds = counterSeconds + 2 * tickSeconds;
  let tasks = 0;
  let keepAll = false;
  for (const { at, forSeconds, factor = 0, jobsPerMinute } of events) {
    const declaredPerSecond = jobsPerMinute === undefined ? factor * ratePerSecond : jobsPerMinute / 60;
    if (now >= at) {
      const isMore = jobsPerMinute === undefined ? factor > 1 : declaredPerSecond > ratePerSecond;
      keepAll ||= isMore && now < at + Math.min(forSeconds, showsAfterSeconds);
      continue;
    }
    const busySlots = declaredPerSecond * serviceSeconds;
    const needed = Math.ceil((busySlots + spareSigmas * Math.sqrt(busySlots)) / concurrency);
    if (at - now <= secondsUntilReady(startDelay, needed) + tickSeconds) tasks = Math.max(tasks, needed);
  }
  return { tasks, keepAll };
};
