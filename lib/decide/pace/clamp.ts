import type { EpochSeconds } from '../../model/units.ts';

/** A number that a pacing rule took away, and why. */
export interface Clamp {
  readonly code: string;
  /** Says what it would have been, and until when. */
  readonly text: string;
  readonly to: number;
}

/** `10:42:10Z`; windows are at most an hour, so the day is plain. */
export const clock = (at: EpochSeconds): string => new Date(at * 1000).toISOString().slice(11, 19).concat('Z');
