import type { Observation } from '../../model/observation.ts';
import type { Settings } from '../../model/plan.ts';
import type { Json } from '../../model/state.ts';

/** What one policy wants, before bounds and pacing. `text` is one plain sentence with the numbers. */
export type Proposal =
  | { readonly kind: 'count'; readonly desired: number; readonly code: string; readonly text: string }
  /** The policy has nothing to go by; `text` names the signal and why it is unknown. */
  | { readonly kind: 'unknown'; readonly code: string; readonly text: string };

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

export const wants = (desired: number, code: string, text: string): Proposal => ({
  kind: 'count',
  desired,
  code,
  text,
});
export const cannotTell = (code: string, text: string): Proposal => ({ kind: 'unknown', code, text });
