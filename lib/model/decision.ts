import type { Observation } from './observation.ts';
import type { TaskSize } from './plan.ts';
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
  readonly size: TaskSize;
  readonly state: ServiceState;
  readonly alerts: readonly Alert[];
  readonly explanation: readonly ExplanationStep[];
  /** The last word of the chain as one sentence. */
  readonly summary: string;
  /** True when the mode is `shadow`: decided and recorded, never carried out. */
  readonly shadow: boolean;
}

/** One line of the decision log: enough to show, to explain and to decide again. */
export interface DecisionRecord {
  readonly tick: string;
  readonly observation: Observation;
  readonly decision: Omit<Decision, 'state'>;
}
