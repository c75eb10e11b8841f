import type { Percent, Usd } from '../../model/units.ts';

/** Thresholds of the advice. Origins: the guard-rails table of the cost facts, each a setting. */
export interface PlanSettings {
  /** CPU that the busiest minutes may take on the new size. */
  readonly cpuTargetPercent: Percent;
  /** Memory: the largest use seen, times this. */
  readonly memoryFactor: number;
  readonly minHistoryDays: number;
  /** Advice below both of the following goes into one line. */
  readonly minorUsdPerMonth: Usd;
  readonly minorPercent: Percent;
  /** Tasks that stay on demand, whatever the promise would allow on Spot. */
  readonly spotMinBase: number;
  /** Interruptions of one Spot task in an hour. */
  readonly spotInterruptionsPerTaskHour: number;
  /** Chance that a level of usage is gone after a year. */
  readonly annualUsageLoss: number;
  /** Yearly cost of capital, for what is paid upfront. */
  readonly costOfCapital: number;
  readonly commitMinHistoryDays: number;
  readonly commitMinUsdPerMonth: Usd;
  /** Resamplings of whole weeks for the range of the commitment. 0: none. */
  readonly bootstrapSamples: number;
  readonly seed: number;
  /** Decisions that replays of new sizes may take in all. Counted, not timed: the same plan on every machine. */
  readonly proofDecisions: number;
  /** The same for policies, minimums and maximums. */
  readonly replayDecisions: number;
  /** Ids of advice that somebody has turned down: not given again, and what comes after it is measured without it. */
  readonly dismissed?: readonly string[];
  /** How long advice stands before it must be looked at again. */
  readonly expiresDays: number;
}

/** Before that nothing at all is advised. */
export const leastHistoryHours = 24;

export const defaultPlanSettings: PlanSettings = {
  cpuTargetPercent: 80,
  memoryFactor: 1.15,
  minHistoryDays: 14,
  minorUsdPerMonth: 5,
  minorPercent: 3,
  spotMinBase: 2,
  spotInterruptionsPerTaskHour: 0.01,
  annualUsageLoss: 0.25,
  costOfCapital: 0.08,
  commitMinHistoryDays: 60,
  commitMinUsdPerMonth: 5,
  bootstrapSamples: 200,
  seed: 1,
  proofDecisions: 40_000,
  replayDecisions: 80_000,
  expiresDays: 28,
};
