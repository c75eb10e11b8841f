import type { Priority } from '../../model/plan.ts';

/** What one service asks of the limits that it shares with others. */
export interface Claim {
  readonly service: string;
  readonly priority: Priority;
  /** Whole counts. The floor that it is promised, what it has, and what it wants. */
  readonly min: number;
  readonly current: number;
  readonly wanted: number;
  /** Tasks beyond `current` that are still there: told to stop and working off a job. They hold their share until they end. */
  readonly draining: number;
  /** 0 at ease; 1 and more: its promise is being broken. */
  readonly urgency: number;
  /** Of each limit, what one task takes. */
  readonly uses: Readonly<Record<string, number>>;
  /** Its count stays what it is, whatever is decided here: paused, unknown, not due, in shadow. */
  readonly fixed?: true;
}

const ranks: Readonly<Record<Priority, number>> = { critical: 0, high: 1, normal: 2, low: 3 };

export const rankOf = (claim: Pick<Claim, 'priority'>): number => ranks[claim.priority];
