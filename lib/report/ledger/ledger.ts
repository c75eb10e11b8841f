import type { EpochSeconds, Usd } from '../../model/units.ts';
import type { AdviceKind } from '../plan/advice.ts';

/** One piece of advice through its life. */
export interface LedgerEntry {
  /** `<kind>:<resource>`: the recommendation's id. */
  readonly id: string;
  readonly kind: AdviceKind;
  readonly resource: string;
  readonly title: string;
  readonly firstAdvisedAt: EpochSeconds;
  readonly lastAdvisedAt: EpochSeconds;
  readonly predictedUsdPerMonth: Usd;
  readonly state: 'open' | 'accepted' | 'applied' | 'dismissed' | 'expired';
  readonly acceptedAt?: EpochSeconds;
  /** First hour in which the change was seen. */
  readonly appliedAt?: EpochSeconds;
  /** What it has saved since, by the counterfactual: the same demand under the settings of before. */
  readonly realisedUsdPerMonth?: Usd;
  /** Hours that figure rests on. */
  readonly measuredHours?: number;
}

/** How past advice has done, in one line. */
export interface Calibration {
  readonly count: number;
  readonly predictedUsdPerMonth: Usd;
  readonly realisedUsdPerMonth: Usd;
}

/** Of the advice that was applied and has been measured for a week at least. */
export const calibrationOf = (entries: readonly LedgerEntry[]): Calibration | undefined => {
  const measured = entries.filter(
    ({ state, measuredHours, realisedUsdPerMonth }) =>
      state === 'applied' && realisedUsdPerMonth !== undefined && (measuredHours ?? 0) >= 168,
  );
  if (measured.length === 0) return undefined;
  return {
    count: measured.length,
    predictedUsdPerMonth: measured.reduce((sum, { predictedUsdPerMonth }) => sum + predictedUsdPerMonth, 0),
    realisedUsdPerMonth: measured.reduce((sum, { realisedUsdPerMonth }) => sum + (realisedUsdPerMonth ?? 0), 0),
  };
};
