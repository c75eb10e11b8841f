import type { EpochSeconds, Usd } from '../../../model/units.ts';
import { type Cover, cents, perMonth } from '../bill.ts';

/** A part of a saving that is no money yet: what it frees is covered by commitments that are paid for until they end. */
export interface Frozen {
  /** Fees that find no use any more. In no sum. */
  readonly usdPerMonth: Usd;
  /** When the last of these commitments ends: from then on it is saved, unless other usage takes them up before. */
  readonly from: EpochSeconds;
  readonly commitments: readonly string[];
}

/** A change that saves nothing before a commitment ends. Not done in the plan, and in no sum of it. */
export interface FrozenAdvice extends Frozen {
  readonly id: string;
  readonly resource: string;
  readonly title: string;
}

/** @param freed by cover: fees of the window that find no use any more. Undefined: less than a cent a month of them. */
export const frozenOf = (
  freed: readonly Usd[],
  covers: readonly Cover[],
  { from, hours }: { readonly from: EpochSeconds; readonly hours: number },
): Frozen | undefined => {
  const least = (0.01 * hours) / 730;
  const mine = covers.filter((_, i) => (freed[i] ?? 0) > least);
  if (mine.length === 0) return undefined;
  return {
    usdPerMonth: cents(
      perMonth(
        freed.reduce((sum, usd) => sum + Math.max(0, usd), 0),
        hours,
      ),
    ),
    from: from + Math.max(...mine.map(({ untilHour }) => untilHour)) * 3600,
    commitments: mine.map(({ id }) => id),
  };
};
