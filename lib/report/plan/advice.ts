import type { Minimums } from '../../model/applied.ts';
import type { TaskBounds, TaskSize } from '../../model/plan.ts';
import type { Policy } from '../../model/policy.ts';
import type { EpochSeconds, Percent, Usd } from '../../model/units.ts';
import type { Architecture, CommitmentKind, PaymentOption } from '../usage/usage.ts';
import type { Frozen } from './commitments/frozen.ts';
import type { ResourceState } from './resource.ts';

/** In the order in which they are applied: each next one is measured on what the ones before have left. */
export const adviceKinds = ['remove', 'size', 'arm', 'policy', 'schedule', 'spot', 'engine', 'stop', 'commit'] as const;
export type AdviceKind = (typeof adviceKinds)[number];

export type Level = 'low' | 'medium' | 'high';

/** A figure or a sentence that lets the reader check the advice. */
export interface Evidence {
  readonly text: string;
  /** Values for a small chart, oldest or first first. */
  readonly series?: readonly number[];
}

/** What applies it, ready to paste. */
export interface Patch {
  readonly as: 'config' | 'cdk' | 'command';
  readonly text: string;
}

/** The advice as values: what the ledger looks for, and what may be applied without a person. */
export type Change =
  | { readonly to: 'removed' }
  | { readonly to: 'size'; readonly size: TaskSize }
  | { readonly to: 'architecture'; readonly architecture: Architecture }
  /** Sluice decides, by this policy, within these bounds outside all windows. */
  | { readonly to: 'policy'; readonly policy: Policy; readonly tasks: TaskBounds }
  | ({ readonly to: 'minimums'; readonly timeZone?: string } & Minimums)
  /** Outside all windows. */
  | { readonly to: 'bounds'; readonly min?: number; readonly max?: number }
  /** Tasks on demand before any runs on Spot. */
  | { readonly to: 'spot'; readonly base: number }
  | { readonly to: 'class'; readonly type: string; readonly engine: string }
  /** By local hour: 1 runs, 0 stands still. */
  | { readonly to: 'hours'; readonly workday: readonly number[]; readonly restDay: readonly number[] }
  | {
      readonly to: 'commitment';
      readonly kind: CommitmentKind;
      readonly years: 1 | 3;
      readonly payment: PaymentOption;
      /** A cover key or a prefix of it. Absent: everything that the plan covers. */
      readonly covers?: string;
      readonly feeUsdPerHour: Usd;
    };

/** What happens when the coming weeks are not as those that the advice rests on. */
export interface IfWrong {
  /** That a week breaks the promise because of the advice; never nothing, since only so many were looked at. */
  readonly chancePercent: Percent;
  /** How many days or weeks were looked at, and how many of them would have broken the promise. */
  readonly of: 'day' | 'week';
  readonly looked: number;
  readonly broken: number;
  /** Late jobs of the worst of them, and what the tasks cost that it takes more than usual. */
  readonly lateJobs: number;
  readonly usd: Usd;
}

/** What one step proposes for one resource. */
export interface Proposal {
  readonly kind: AdviceKind;
  readonly title: string;
  readonly change: Change;
  readonly after: ResourceState;
  readonly evidence: readonly Evidence[];
  readonly risk: Level;
  readonly effort: Level;
  readonly confidence: Level;
  /** Can be taken back at once, without loss. Only such advice may ever be applied automatically. */
  readonly reversible: boolean;
  readonly rollback: string;
  readonly ifWrong?: IfWrong;
  /** Of a new size: run time of a job on it ÷ today, and whether a replay bears it out. */
  readonly expected?: { readonly slowdown: number; readonly isProved: boolean };
  readonly patch: readonly Patch[];
}

/** A line of the plan. */
export interface Recommendation extends Omit<Proposal, 'after'> {
  /** `<kind>:<resource>`, the same from week to week: the ledger's key. */
  readonly id: string;
  readonly resource: string;
  readonly owner?: string;
  /** What it saves after all lines above it. These add up to the plan's total. */
  readonly usdPerMonth: Usd;
  /** What it would save if nothing else were done. These must never be added. */
  readonly aloneUsdPerMonth: Usd;
  readonly percentOfResource: Percent;
  /** What it frees of commitments that are paid for: beside `usdPerMonth`, not in it. */
  readonly frozen?: Frozen;
  readonly expiresAt: EpochSeconds;
}

/** Something that needs more, not less. Never part of the saving. */
export interface Warning {
  readonly resource: string;
  readonly owner?: string;
  readonly severity: 'warning' | 'critical';
  readonly text: string;
  /** What the remedy costs more; absent where nobody can say. */
  readonly usdPerMonth?: Usd;
  readonly remedy: string;
}
