import type { EpochSeconds, Seconds } from '../../model/units.ts';

/** Two counts for the same instants, side by side. */
export interface CountDrift {
  readonly ticks: number;
  /** Task-hours if each count had stood until the next tick. Not a bill: starts and drains are not in it. */
  readonly taskHours: { readonly was: number; readonly wouldBe: number };
  readonly more: number;
  readonly fewer: number;
  /** The instant at which they were furthest apart. */
  readonly furthest?: { readonly at: EpochSeconds; readonly was: number; readonly wouldBe: number };
}

export interface CountPair {
  readonly at: EpochSeconds;
  readonly was: number;
  readonly wouldBe: number;
}

/** A hole in the log is no time at which the last count stood. */
const longestTick: Seconds = 120;

/** How far two ways of deciding differ: what was asked for and what another plan would ask, or what was there and what a shadow wanted. */
export const countDrift = (pairs: readonly CountPair[]): CountDrift => {
  let [was, wouldBe, more, fewer] = [0, 0, 0, 0];
  let furthest: CountPair | undefined;
  pairs.forEach((pair, i) => {
    const seconds = Math.min(longestTick, Math.max(0, (pairs[i + 1]?.at ?? pair.at) - pair.at));
    was += pair.was * seconds;
    wouldBe += pair.wouldBe * seconds;
    if (pair.wouldBe > pair.was) more += 1;
    if (pair.wouldBe < pair.was) fewer += 1;
    const apart = Math.abs(pair.wouldBe - pair.was);
    if (apart > 0 && apart > (furthest ? Math.abs(furthest.wouldBe - furthest.was) : 0)) furthest = pair;
  });
  return {
    ticks: pairs.length,
    taskHours: { was: was / 3600, wouldBe: wouldBe / 3600 },
    more,
    fewer,
    ...(furthest && { furthest }),
  };
};
