import type { Alert, ExplanationStep } from '../model/decision.ts';

/** What one rule made of a count. */
export interface Ruling {
  readonly desired: number;
  /** One for each thing that changed the number. */
  readonly steps: readonly ExplanationStep[];
  readonly alerts: readonly Alert[];
}

export const unchanged = (desired: number, alerts: readonly Alert[] = []): Ruling => ({ desired, steps: [], alerts });

/** A direction that a guard closes; `upTo` leaves scale-out open to there. */
export interface ClosedDirection {
  readonly code: string;
  readonly text: string;
  readonly upTo?: number;
}
