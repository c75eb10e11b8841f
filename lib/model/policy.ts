import type { Percent, Seconds } from './units.ts';

/** One metric that target tracking follows: `target` for an average of the tasks, `perTask` for a total to be shared. */
export type TrackedSignal =
  | { readonly signal: string; readonly target: number }
  | { readonly signal: string; readonly perTask: number };

/** A range of the signal, `from` inclusive and `to` exclusive when above, and what it changes. */
export interface ScalingStep {
  readonly from?: number;
  readonly to?: number;
  readonly by: number;
}

export type SloPolicy = {
  readonly type: 'slo';
  /**
   * What the last percent may cost: the fleet is never raised above this multiple of the work at hand for the sake
   * of the error budget alone. Default 3.
   */
  readonly maxCostFactor?: number;
  /** What one change of the desired count is worth, in task-seconds: idle tasks stay until they have cost as much. Default 0. */
  readonly changeCostSeconds?: Seconds;
  /** Jobs that are overdue are worked off within this time, whatever the price of a late job. Default 60. */
  readonly catchUpSeconds?: Seconds;
};
export type BacklogPerTaskPolicy = {
  readonly type: 'backlogPerTask';
  readonly target?: number;
  readonly latencySeconds?: Seconds;
  readonly secondsPerJob?: Seconds;
};
export type TargetTrackingPolicy = {
  readonly type: 'targetTracking';
  readonly signals: readonly TrackedSignal[];
  readonly tolerance?: number;
};
export type StepsPolicy = {
  readonly type: 'steps';
  readonly signal: string;
  readonly adjustment: 'change' | 'percent' | 'exact';
  readonly steps: readonly ScalingStep[];
};
/** The first rule that fits wins. */
export type QueueFactorPolicy = {
  readonly type: 'queueFactor';
  readonly rules: readonly {
    readonly above?: number;
    readonly below?: number;
    readonly activeBelow?: number;
    readonly factor: number;
  }[];
};
export interface ThresholdSide {
  readonly cpu?: Percent;
  readonly memory?: Percent;
  readonly queue?: number;
  readonly factor?: number;
}
export type ThresholdPolicy = {
  readonly type: 'threshold';
  readonly preset?: 'controller' | 'conservative' | 'aggressive' | 'collector';
  readonly out?: ThresholdSide;
  readonly in?: ThresholdSide;
};
export type VotePolicy = {
  readonly type: 'vote';
  readonly out: { readonly atLeast: number; readonly signals: Readonly<Record<string, number>> };
  readonly in: { readonly signals: Readonly<Record<string, number>> };
  readonly history: number;
};
export type DampenedPolicy = {
  readonly type: 'dampened';
  readonly cpu: Percent;
  readonly memory: Percent;
  readonly latencyMs: number;
  readonly ratePerTask: number;
};
export type PredictivePolicy = {
  readonly type: 'predictive';
  readonly horizonMinutes: number;
  readonly minConfidence: number;
  readonly mode: 'step' | 'full';
};
export type CombinedPolicy =
  | { readonly type: 'max' | 'any' | 'all'; readonly of: readonly Policy[] }
  | { readonly type: 'vote'; readonly of: readonly Policy[]; readonly atLeast: number };
export type RulePolicy =
  | BacklogPerTaskPolicy
  | TargetTrackingPolicy
  | StepsPolicy
  | QueueFactorPolicy
  | ThresholdPolicy
  | VotePolicy
  | DampenedPolicy
  | PredictivePolicy;
export type Policy = SloPolicy | RulePolicy | CombinedPolicy;

/** How fast a count may move in one direction: Kubernetes `autoscaling/v2` behavior, plus a cooldown as AWS has it. */
export interface DirectionBehavior {
  /** Out: the lowest recommendation of the window counts. In: the highest. 0: none. */
  readonly stabilizationSeconds: Seconds;
  /** No further change in this direction for this long, unless scaling out by more than the last time. */
  readonly cooldownSeconds: Seconds;
  readonly select: 'max' | 'min' | 'disabled';
  /** Empty: no limit. */
  readonly policies: readonly RatePolicy[];
  /** The share by which the proposal must differ before anything happens. */
  readonly tolerance: number;
}
export type RatePolicy =
  | { readonly percent: Percent; readonly periodSeconds: Seconds }
  | { readonly tasks: number; readonly periodSeconds: Seconds };
export interface Behavior {
  readonly scaleOut: DirectionBehavior;
  readonly scaleIn: DirectionBehavior;
}
