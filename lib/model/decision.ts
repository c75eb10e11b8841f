import type { AppliedReading } from './applied.ts';
import type { Observation } from './observation.ts';
import type { Settings, TaskSize } from './plan.ts';
import type { ServiceState } from './state.ts';
import type { EpochSeconds } from './units.ts';

export type Stage = 'guard' | 'propose' | 'combine' | 'bound' | 'allocate' | 'pace' | 'act';

/** One link of the chain: what a stage saw, in words, and the count before and after it. */
export interface ExplanationStep {
  readonly stage: Stage;
  /** Stable, camelCase, for machines: `belowFloor`, `staleQueue`. */
  readonly code: string;
  /** One plain sentence, for people. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export type Severity = 'info' | 'warning' | 'critical';
export interface Alert {
  readonly code: string;
  readonly severity: Severity;
  readonly text: string;
}

/** The outcome of one tick for one service. */
export interface Decision {
  readonly service: string;
  readonly at: EpochSeconds;
  /** `hold`: nothing could be decided, the count stays whatever it is. `keep`: decided, and the answer is the present count. */
  readonly kind: 'scale' | 'keep' | 'hold';
  /** The desired count before. */
  readonly from: number;
  /** The desired count after; equals `from` unless `kind` is `scale`. */
  readonly desired: number;
  /** The task size after the decision. */
  readonly size: TaskSize;
  /** Present: the size changes, and this is the one before. */
  readonly sizeFrom?: TaskSize;
  /** Present: the automatic size that begins at `of` did worse and is given up. */
  readonly sizeRejected?: { readonly of: EpochSeconds; readonly because: string };
  readonly state: ServiceState;
  readonly alerts: readonly Alert[];
  /** Codes of alerts that held and of which nobody can tell at this tick whether they last. Absent: none. */
  readonly unjudged?: readonly string[];
  readonly explanation: readonly ExplanationStep[];
  /** The last word of the chain as one sentence. */
  readonly summary: string;
  /** How near the promise is to being broken: 0 at ease, 1 and more: jobs are late or will be. Scarce limits go by it. */
  readonly urgency?: number;
  /** True when the mode is `shadow`: decided and recorded, never carried out. */
  readonly shadow: boolean;
}

/**
 * One line of the decision log: enough to show, to explain and, with the plan, to decide again bit for bit.
 * The state is not in every line, since each decision makes the next one's.
 */
export interface DecisionRecord {
  readonly tick: string;
  readonly observation: Observation;
  readonly decision: Omit<Decision, 'state'>;
  /** What ECS answered. `unknown`: nothing, or not in time. Absent: it was not asked. */
  readonly acted?: { readonly changed: true; readonly desired: number } | { readonly changed: false | 'unknown' };
  /** The tick that this one builds on, `lastTickAt` of the state it began with; 0: none. Tells whether a record is missing. */
  readonly after?: EpochSeconds;
  /** Mark of the plan that was in force (`planMark`). */
  readonly plan?: string;
  /** What the moment added to the plan's own settings: an override. Absent: nothing. */
  readonly given?: Partial<Settings>;
  /** What lay over the plan: advice that was applied beside the config. Absent: nothing. */
  readonly applied?: AppliedReading;
  /** The state it began with: where that is not what the record before made of it, and once an hour. */
  readonly before?: ServiceState;
}
