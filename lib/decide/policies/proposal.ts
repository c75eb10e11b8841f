import type { Observation } from '../../model/observation.ts';
import type { Settings } from '../../model/plan.ts';
import type { Json } from '../../model/state.ts';

/** What one policy wants, before bounds and pacing. `text` is one plain sentence with the numbers. */
export type Proposal = CountProposal | UnknownProposal;

export interface CountProposal {
  readonly kind: 'count';
  /** A whole number, 0 or more. */
  readonly desired: number;
  readonly code: string;
  readonly text: string;
  /** Which signals were unknown although others sufficed. Present: nothing may scale in on the strength of this tick. */
  readonly unknown?: string;
  /** The policy has nothing to say now (still learning): combinators pass it over, so it neither raises nor keeps a count. */
  readonly abstains?: true;
  /** The count comes from a forecast: it may hold a count up, never pull it below what a reactive policy asks for. */
  readonly forecast?: true;
  /** The tolerance was already applied, to the signal itself as Kubernetes does; pacing must not apply it to the count again. */
  readonly tolerated?: true;
  /** How near the promise is to being broken: 0 at ease, 1 and more: jobs are late or will be. Shared limits go by it. */
  readonly urgency?: number;
  /** The most tasks that what the policy knows and forecasts could keep busy. */
  readonly explained?: number;
}

/** The policy has nothing to go by; `text` names the signal and why it is unknown. */
export interface UnknownProposal {
  readonly kind: 'unknown';
  readonly code: string;
  readonly text: string;
}

export interface PolicyInput {
  readonly observation: Observation;
  readonly settings: Settings;
  /** The desired count now. Running tasks would be wrong: those that still start would be asked for twice. */
  readonly current: number;
  /** What this policy returned as `memory` at the last tick; undefined at first, or after a loss. */
  readonly memory: Json | undefined;
}

export interface PolicyOutput {
  readonly proposal: Proposal;
  /** To be handed back at the next tick. Absent: nothing to remember. */
  readonly memory?: Json;
}
