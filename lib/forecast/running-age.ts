import type { Seconds } from '../model/units.ts';

/** Jobs that began about the same time, youngest first: [their age, how many]. At most some twenty. */
export type Cohorts = readonly (readonly [Seconds, number])[];

/** Cohorts whose ages differ by less are one. */
const alike = 1.15;

/**
 * The jobs that run now, by age, as young as they can be: the last that began, as many as run. Those before them have
 * ended, or jobs are even older.
 */
export const youngestRunning = (
  before: Cohorts,
  elapsedSeconds: Seconds,
  started: number,
  running: number,
): { readonly cohorts: Cohorts; readonly meanAgeSeconds: Seconds | undefined } => {
  const aged: Cohorts = [
    [elapsedSeconds / 2, started],
    ...before.map(([age, jobs]) => [age + elapsedSeconds, jobs] as const),
  ];
  const cohorts: [Seconds, number][] = [];
  let covered = 0;
  let ages = 0;
  for (const [age, jobs] of aged) {
    const part = Math.min(jobs, running - covered);
    if (part <= 0) continue;
    covered += part;
    ages += part * age;
    const last = cohorts.at(-1);
    if (last === undefined || age > alike * last[0]) cohorts.push([age, jobs]);
    else cohorts[cohorts.length - 1] = [(last[0] * last[1] + age * jobs) / (last[1] + jobs), last[1] + jobs];
  }
  // Jobs that began before anything was seen are of no known age.
  const known = covered > 0 && covered >= knownShare * running;
  return { cohorts, meanAgeSeconds: known ? ages / covered : undefined };
};

const knownShare = 0.98;
