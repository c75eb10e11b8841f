import type { Percent, Seconds, Usd } from '../../model/units.ts';

/** Several policies on the same jobs. Plain JSON but for the curves' length nothing that the command does not print. */
export interface Comparison {
  readonly trace: { readonly name: string; readonly seconds: Seconds; readonly jobs: number };
  readonly objective: { readonly percent: Percent; readonly startWithinSeconds: Seconds };
  readonly worker: {
    readonly meanServiceSeconds: Seconds;
    readonly concurrency: number;
    readonly startMedianSeconds: Seconds;
    readonly startP95Seconds: Seconds;
    /** `1 vCPU, 2 GiB, x86, us-east-1 list price of 2026-09-11`. */
    readonly price: string;
  };
  readonly world: string;
  readonly seed: number;
  readonly bound: {
    /** Total service time ÷ concurrency: nobody who does the work pays less. */
    readonly workTaskHours: number;
    /** An achievable plan with perfect knowledge. */
    readonly clairvoyantTaskHours: number;
    readonly clairvoyantAttainedPercent: Percent;
  };
  /** Cheapest first among those that keep the promise, then the others, the nearest to it first. */
  readonly policies: readonly ComparedPolicy[];
  readonly curves: {
    /** Start of each bin. */
    readonly at: readonly Seconds[];
    readonly jobsPerSecond: readonly number[];
    /** Work that arrives, in tasks that it keeps busy. */
    readonly workTasks: readonly number[];
  };
}

export interface ComparedPolicy {
  readonly name: string;
  readonly setting: string;
  readonly settingsTried: number;
  readonly kept: boolean;
  readonly taskHours: number;
  readonly usd: Usd;
  readonly attainedPercent: Percent;
  readonly waitSeconds: {
    readonly mean: Seconds;
    readonly p50: Seconds;
    readonly p95: Seconds;
    readonly p99: Seconds;
    readonly max: Seconds;
  };
  readonly scaleActions: number;
  readonly scaleActionsPerDay: number;
  /** Actions against the direction of the one before. */
  readonly reversals: number;
  readonly killedJobs: number;
  readonly taskStarts: number;
  /** Busy slot-hours ÷ slot-hours paid for. */
  readonly utilization: number;
  /** Task-hours, with those of the work left over at the end, ÷ those of the work. */
  readonly costOverWork: number;
  readonly jobs: { readonly done: number; readonly waiting: number; readonly inFlight: number };
  readonly curve: {
    /** Mean by bin. */
    readonly tasks: readonly number[];
    /** 95th percentile by bin of arrival; NaN where nothing arrived. */
    readonly waitP95Seconds: readonly Seconds[];
  };
}
