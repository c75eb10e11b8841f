import type { Seconds } from '../../model/units.ts';
import type { SimulatedJobs } from '../simulated-jobs.ts';

/**
 * Task-seconds of work that can have been done by k × slot, if every job starts on arrival. Entry k is at k × slot.
 * Nobody can have done more; who lets every job wait d seconds has done what this says for d seconds before.
 */
export const earliestWork = (jobs: SimulatedJobs, concurrency: number, slotSeconds: Seconds): Float64Array => {
  const slots = Math.ceil(jobs.endSeconds / slotSeconds);
  // Busy slots change by one at each start and end; what a change adds to its own slot is kept apart.
  const change = new Float64Array(slots + 1);
  const within = new Float64Array(slots + 1);
  const step = (at: Seconds, by: number): void => {
    const slot = Math.floor(at / slotSeconds);
    if (slot >= slots) return;
    within[slot] = (within[slot] as number) + by * ((slot + 1) * slotSeconds - at);
    change[slot + 1] = (change[slot + 1] as number) + by;
  };
  for (let job = 0; job < jobs.count; job += 1) {
    const start = jobs.arrivalSeconds[job] as number;
    step(start, 1);
    step(start + (jobs.serviceSeconds[job] as number), -1);
  }
  const done = new Float64Array(slots + 1);
  let busy = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    busy += change[slot] as number;
    done[slot + 1] = (done[slot] as number) + (busy * slotSeconds + (within[slot] as number)) / concurrency;
  }
  return done;
};
