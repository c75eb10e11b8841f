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
