import type { AlertState } from './alert-plan.ts';
import type { HotState, LearntState } from './state.ts';
import type { EpochSeconds } from './units.ts';

/** The one hot item of a shard. */
export interface ShardState {
  /** 0: nothing was ever written. Each commit raises it by one. */
  readonly version: number;
  /** Ticks up to this instant are in the tick queue already. 0: none. */
  readonly sentUntil: EpochSeconds;
  /** By service. */
  readonly services: Readonly<Record<string, HotState>>;
  /** Alerts that last, or whose end people do not know yet, by service. Absent: none. */
  readonly alerts?: Readonly<Record<string, readonly AlertState[]>>;
  /** Claims (`Telling.claim`) that were fulfilled since the last commit. */
  readonly told?: readonly number[];
}

/** What a commit makes of the alerts: all that are left, and the fulfilled claims that are in them now. */
export interface AlertCommit {
  readonly states: Readonly<Record<string, readonly AlertState[]>>;
  readonly folded: readonly number[];
}

/** A learnt item with the tick that it belongs to. */
export interface StoredLearnt {
  /** `hot.lastTickAt` of the tick that wrote it. */
  readonly at: EpochSeconds;
  readonly learnt: LearntState;
}

/** The workers' cumulative totals, all attributes of the item that are numbers. */
export interface WorkTotals {
  /** The last beat. */
  readonly at: EpochSeconds;
  /** By attribute name: `started`, `busySlotMs`, `w_<queue>_<bin>` … */
  readonly counts: Readonly<Record<string, number>>;
}
