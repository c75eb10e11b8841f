import type { Seconds } from '../model/units.ts';

/** How badly each age explains what was seen: index = age in ticks, value = decayed sum of errors in jobs. */
export type AgeEvidence = readonly number[];

/** One look at a counter of jobs in flight, beside what was known at the same time or earlier. */
export interface CounterLook {
  readonly visible: number;
  readonly inFlight: number;
  /** Slots of the running tasks now, one tick ago, two ticks ago, … */
  readonly slotsBack: readonly number[];
}

/** Ages from none to six ticks are told apart. */
export const agesTried = 7;
/** An age other than the usual one is believed when it explains so many jobs more, for each tick of difference. */
const doubtJobs = 4;
/** One look proves no more than this: a counter is sometimes plainly wrong. */
const errorMax = 3;
/** Counters are ±5 % and whole. */
const noiseShare = 0.05;
/** Evidence of some thousand ticks counts. */
const kept = 0.999;

/**
 * Counters cannot show more jobs in flight than there were slots, and with jobs waiting not fewer: the number of tasks, which
 * is known without delay, dates them.
 */
export const observeCounterAge = (evidence: AgeEvidence, look: CounterLook): AgeEvidence =>
  next(evidence, (age) => {
    const slots = look.slotsBack[age];
    if (slots === undefined) return 0;
    const difference = look.inFlight - slots;
    const error = difference > 0 || look.visible > 0 ? Math.abs(difference) : 0;
    return error - noiseShare * slots - 0.5;
  });

/**
 * Started minus completed jobs of a report are the change of the jobs in flight: the change that fits dates the report
 * against the counter.
 *
 * @param changesBack of the jobs in flight over the last tick, the one before, …
 */
export const observeReportAge = (
  evidence: AgeEvidence,
  startedMinusCompleted: number,
  inFlight: number,
  changesBack: readonly number[],
): AgeEvidence =>
  next(evidence, (age) => {
    const change = changesBack[age];
    return change === undefined ? 0 : Math.abs(startedMinusCompleted - change) - noiseShare * inFlight - 0.5;
  });

/** The age that explains best what was seen; the usual one unless another one is clearly better. */
export const likelyAge = (evidence: AgeEvidence, usualSeconds: Seconds, tickSeconds: Seconds): Seconds => {
  let bestSeconds = usualSeconds;
  let least = Number.POSITIVE_INFINITY;
  for (let age = 0; age < evidence.length; age++) {
    const ticksOff = Math.abs(age - usualSeconds / tickSeconds);
    const badness = (evidence[age] ?? 0) + doubtJobs * ticksOff;
    if (badness >= least) continue;
    least = badness;
    bestSeconds = ticksOff < 1 ? usualSeconds : age * tickSeconds;
  }
  return bestSeconds;
};

const next = (evidence: AgeEvidence, errorAt: (age: number) => number): AgeEvidence =>
  Array.from({ length: agesTried }, (_, age) => {
    const error = Math.min(errorMax, Math.max(0, errorAt(age)));
    return Math.round(((evidence[age] ?? 0) * kept + error) * 100) / 100;
  });
