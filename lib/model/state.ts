import type { EpochSeconds, Seconds, Usd } from './units.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What must survive a crash between two ticks: at most 100 bytes a service once packed. Written every tick. */
export interface HotState {
  /** The instant of the last tick that was decided. 0: never. An older or equal tick is dropped. */
  readonly lastTickAt: EpochSeconds;
  /** The desired count that Sluice last asked for. -1: never asked. */
  readonly asked: number;
  /** The desired count that was there when Sluice last asked for another. Seen again, the call was lost or is not visible yet. */
  readonly askedFrom: number;
  readonly scaledOutAt: EpochSeconds;
  /** By how many tasks. */
  readonly scaledOutBy: number;
  readonly scaledInAt: EpochSeconds;
  /** First tick of the present run of ticks without a usable signal. 0: signals are fine. */
  readonly unknownSince: EpochSeconds;
  /** A change by somebody else is respected until then. 0: none seen. */
  readonly foreignUntil: EpochSeconds;
  /** The service is idle and is looked at this seldom. Absent: every tick. Kept by the tick. */
  readonly lookSeconds?: Seconds;
}

/** History that the pacing rules look back on. Both lists are pruned to the longest window in use. */
export interface PacingState {
  /** Proposals before pacing, oldest first: [at, desired]. Dominated ones are left out. */
  readonly proposals: readonly (readonly [EpochSeconds, number])[];
  /** Changes that were made, oldest first: [at, delta]. */
  readonly changes: readonly (readonly [EpochSeconds, number])[];
}

/** Lognormal belief about the time from asking for a task to its readiness, and the launches still under way. */
export interface StartDelay {
  /** Mean and variance of ln(seconds). */
  readonly mu: number;
  readonly variance: number;
  /** Weight behind the belief, in observed starts. */
  readonly weight: number;
  /** When each task that is not ready yet was asked for, oldest first. */
  readonly launches: readonly EpochSeconds[];
  /** Tasks that were running at the last tick; -1: none was seen yet. */
  readonly running: number;
}

/** What was learnt: at most 8 KB as JSON. Losing it costs accuracy, never safety. Written every 15 minutes and on each scale action. */
export interface LearntState {
  /** The history below is complete from here on. After a loss it starts anew, and scale-in waits for its windows to fill. */
  readonly since: EpochSeconds;
  readonly pacing: PacingState;
  /** Absent: nothing was seen yet. */
  readonly startDelay?: StartDelay;
  /** Memory of the policies, by their path in the policy tree (`''` for the root, `of.0`). */
  readonly policies: Readonly<Record<string, Json>>;
  /** The last change of the task size, while the window that asked for it lasts. */
  readonly resized?: SizeChange;
  /** How an automatic size does. Absent: none is being tried. */
  readonly sizeTrial?: SizeTrial;
  /** What the guards remember. Absent: nothing was decided since the history began. */
  readonly guard?: GuardMemory;
  /** What the alerts of load, promise and fleet remember. Absent: nothing was decided since the history began. */
  readonly alerts?: AlertMemory;
  /** Windows that begin until then are being prepared. Absent: none is. */
  readonly warmingUntil?: EpochSeconds;
  /** What was spent this month, by scope. Kept by the tick, for services with a budget. */
  readonly spending?: { readonly own?: SpendingMark; readonly shared?: SpendingMark };
  /** What the tick before this one read, to take differences from. Kept by the tick, not by `decide`. Absent: nothing to compare with. */
  readonly observed?: ObservedMark;
}

/** One change of the task size that was asked for. */
export interface SizeChange {
  readonly at: EpochSeconds;
  /** The window that asked for it, empty outside all windows, and the size by `sizeKey`. */
  readonly window: string;
  readonly to: string;
  /** The task definition before, `family:revision`. */
  readonly from: string;
  /** Whether the service was seen with the new size since. */
  readonly seen: boolean;
}

/** At most some 1.5 KB. */
export interface AlertMemory {
  /** Since when each condition holds, by the alert's code. */
  readonly since: Readonly<Record<string, EpochSeconds>>;
  /** A floor that was set because of an alert. Absent: none is in force. */
  readonly remedy?: { readonly until: EpochSeconds; readonly tasks: number; readonly because: string };
  /** What the workers reported within the last hour and the last day. */
  readonly tally: {
    readonly minutes: readonly WorkRow[];
    readonly hours: readonly WorkRow[];
  };
}

/** A stretch of time that begins at `at`, and what the workers reported within it. */
export type WorkRow = readonly [
  at: EpochSeconds,
  started: number,
  late: number,
  completed: number,
  serviceSeconds: Seconds,
];

/** What was seen of an automatic size while all tasks had it. */
export interface SizeTrial {
  /** `from` of the applied size. */
  readonly of: EpochSeconds;
  /** 0: the tasks do not all have it yet. */
  readonly since: EpochSeconds;
  /** Jobs since then, and the sum of their run times. */
  readonly completed: number;
  readonly serviceSeconds: Seconds;
  /** It did worse, and the size before holds again. */
  readonly verdict?: { readonly at: EpochSeconds; readonly because: string };
}

/** Small and bounded: about 2 KB at most. */
export interface GuardMemory {
  /** Jobs in the queues at the last reading; -1: some queue was not known. */
  readonly outstanding: number;
  /** Since when jobs wait and there is no task at all. 0: they do not. */
  readonly waitingSince: EpochSeconds;
  /** When somebody else changed the count, oldest first; the last few within 30 minutes. */
  readonly foreignAt: readonly EpochSeconds[];
  /** What was asked for within the last hour, oldest first: [at, delta]. */
  readonly actions: readonly (readonly [EpochSeconds, number])[];
  readonly brake: BrakeMemory;
}

/** Stretches of the recent past, to tell whether more tasks completed more. */
export interface BrakeMemory {
  /** Oldest first; the last one is still being filled. */
  readonly spans: readonly BrakeSpan[];
  /** Present: more tasks do not help at the moment. */
  readonly on?: {
    readonly at: EpochSeconds;
    /** Completed per second when the brake went on. */
    readonly rate: number;
    readonly visible: number;
    /** More tasks than this are not started. It is lifted a little now and then, to see whether more would help now. */
    readonly ceiling: number;
    readonly liftAt: EpochSeconds;
    readonly lifts: number;
    readonly liftedAt?: EpochSeconds;
  };
}

/** [from, seconds, fewest ready tasks, most ready tasks, completed, ended (completed or failed), in-flight seconds, least visible] */
export type BrakeSpan = readonly [EpochSeconds, Seconds, number, number, number, number, Seconds, number];

/** The sum of the hourly rollups of one month, in two parts: hours that are closed, and the rest, which is read again. */
export interface SpendingMark {
  /** The month, in the zone of the service: `from` inclusive, `until` exclusive. */
  readonly from: EpochSeconds;
  readonly until: EpochSeconds;
  readonly closedUntil: EpochSeconds;
  readonly closedUsd: Usd;
  readonly usd: Usd;
  readonly readAt: EpochSeconds;
}

/** Cumulative counters as the last tick saw them. */
export interface ObservedMark {
  /** The workers' totals without the wait histogram, and the time of the last beat in them. */
  readonly work?: { readonly at: EpochSeconds; readonly counts: Readonly<Record<string, number>> };
  /** The highest sum of completed jobs and jobs in the queues: what arrives lifts it. */
  readonly arrivalsHigh?: number;
  /** Since when that sum has been lower than `arrivalsHigh`. */
  readonly belowSince?: EpochSeconds;
}

export interface ServiceState {
  readonly hot: HotState;
  readonly learnt: LearntState;
}

export const initialState = (now: EpochSeconds): ServiceState => ({
  hot: {
    lastTickAt: 0,
    asked: -1,
    askedFrom: -1,
    scaledOutAt: 0,
    scaledOutBy: 0,
    scaledInAt: 0,
    unknownSince: 0,
    foreignUntil: 0,
  },
  learnt: freshLearnt(now),
});

/** What remains when the learnt part was lost. */
export const freshLearnt = (now: EpochSeconds): LearntState => ({
  since: now,
  pacing: { proposals: [], changes: [] },
  policies: {},
});
