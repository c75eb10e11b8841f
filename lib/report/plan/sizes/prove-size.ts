import type { Percent } from '../../../model/units.ts';
import type { FargateUsage } from '../../usage/usage.ts';
import { playBusiestDay } from '../../weekly/replay-policies.ts';

/** What a replay of the busiest recorded day says of a size. */
export interface SizeProof {
  /** Of jobs that started in time, on this size and on the size of today. */
  readonly attainedPercent: Percent;
  readonly todayPercent: Percent;
  readonly holds: boolean;
}

/** Undefined: nothing was recorded to replay, or the plan has spent its replays on others. */
export type ProveSize = (usage: FargateUsage, slowdown: number) => SizeProof | undefined;

/** Decisions of one replayed day, at one every 30 seconds. */
const decisionsOfDay = 24 * 120;

/** One prover a plan: it remembers what it has played, and stops at `decisionsMax`, whoever asks. */
export const sizeProver = (seed: number, decisionsMax: number): ProveSize => {
  const played = new Map<string, Percent | undefined>();
  let left = decisionsMax;
  const attained = (usage: FargateUsage, slowdown: number): Percent | undefined => {
    const key = `${usage.label ?? usage.name} ${slowdown}`;
    if (!played.has(key)) {
      if (left < decisionsOfDay) return undefined;
      left -= decisionsOfDay;
      played.set(key, playBusiestDay(usage, slowdown, 30, seed)?.attainedPercent);
    }
    return played.get(key);
  };
  return (usage, slowdown) => {
    if (usage.arrivalsByMinute === undefined || usage.slo === undefined) return undefined;
    const todayPercent = attained(usage, 1);
    const attainedPercent = attained(usage, slowdown);
    if (todayPercent === undefined || attainedPercent === undefined) return undefined;
    // A day that breaks the promise on any size says nothing against this one.
    return { attainedPercent, todayPercent, holds: attainedPercent >= Math.min(usage.slo.percent, todayPercent) };
  };
};
