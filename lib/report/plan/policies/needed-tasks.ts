import type { Percent, Seconds } from '../../../model/units.ts';

/** A steady hour of work on one fleet. */
export interface SteadyLoad {
  readonly jobsPerHour: number;
  readonly serviceSeconds: Seconds;
  readonly concurrency: number;
  readonly slo: { readonly percent: Percent; readonly startWithinSeconds: Seconds };
}

/**
 * The fewest tasks with which that share of the jobs starts in time when jobs come at random all hour long
 * (Erlang's delay formula for exponential run times). It ranks; what is advised is proved by the simulator.
 */
export const neededTasks = ({ jobsPerHour, serviceSeconds, concurrency, slo }: SteadyLoad): number => {
  if (jobsPerHour <= 0) return 0;
  const erlangs = (jobsPerHour / 3600) * serviceSeconds;
  if (erlangs > manyErlangs) return Math.ceil((erlangs + 3 * Math.sqrt(erlangs)) / concurrency);
  const allowed = 1 - slo.percent / 100;
  let tasks = Math.max(1, Math.ceil((erlangs + 1e-9) / concurrency));
  let blocked = erlangB(tasks * concurrency, erlangs);
  for (;;) {
    const slots = tasks * concurrency;
    if (slots > erlangs) {
      const waits = blocked / (1 - (erlangs / slots) * (1 - blocked));
      const late = waits * Math.exp((-(slots - erlangs) * slo.startWithinSeconds) / serviceSeconds);
      if (late <= allowed) return tasks;
    }
    for (let s = slots + 1; s <= slots + concurrency; s++) blocked = (erlangs * blocked) / (s + erlangs * blocked);
    tasks += 1;
  }
};

/** Beyond that the formula takes seconds, and a margin of three deviations lets hardly anybody wait. */
const manyErlangs = 20_000;

const erlangB = (slots: number, erlangs: number): number => {
  let blocked = 1;
  for (let s = 1; s <= slots; s++) blocked = (erlangs * blocked) / (s + erlangs * blocked);
  return blocked;
};
