import { BadInput } from '../../model/bad-input.ts';
import type { TaskSize } from '../../model/plan.ts';
import type { EpochSeconds, Seconds, Usd } from '../../model/units.ts';
import type { AdviceKind, Change } from '../plan/advice.ts';
import type { Architecture } from '../usage/usage.ts';

/**
 * open → accepted → applied → measured. Applied is what the usage shows, accepted or not; measured once a week rests on
 * it. Undone is what was applied and taken back. Open advice that is no longer given expires; dismissed advice is not given again.
 */
export type AdviceState = 'open' | 'accepted' | 'applied' | 'measured' | 'undone' | 'dismissed' | 'expired';

/** One piece of advice through its life: an item of the ledger, as it is stored. */
export interface LedgerEntry {
  /** `<kind>:<resource>`: the recommendation's id. */
  readonly id: string;
  readonly kind: AdviceKind;
  readonly resource: string;
  readonly title: string;
  readonly firstAdvisedAt: EpochSeconds;
  readonly lastAdvisedAt: EpochSeconds;
  readonly expiresAt?: EpochSeconds;
  readonly predictedUsdPerMonth: Usd;
  readonly state: AdviceState;
  /** What was advised, and what was in force before. Absent in ledgers of earlier versions: then nothing is measured. */
  readonly change?: Change;
  readonly before?: Before;
  readonly acceptedAt?: EpochSeconds;
  readonly dismissedAt?: EpochSeconds;
  /** First hour in which the change was seen. */
  readonly appliedAt?: EpochSeconds;
  /** Laid over the config instead of written into it: `report`, or a person. */
  readonly appliedBy?: string;
  readonly undoneAt?: EpochSeconds;
  /** What it has saved since, by the counterfactual: the same demand under the settings of before. */
  readonly realisedUsdPerMonth?: Usd;
  /** Hours that figure rests on. */
  readonly measuredHours?: number;
}

/** Settings of a resource when the advice was given: what the counterfactual goes back to. */
export type Before =
  | {
      readonly of: 'service';
      readonly size: TaskSize;
      readonly architecture: Architecture;
      readonly spotShare: number;
      /** Mean minimum over the week. */
      readonly min: number;
      /** Type of the policy that set the count, or `other`. Absent in ledgers of earlier versions. */
      readonly policy?: string;
      readonly serviceMeanSeconds?: Seconds;
    }
  | { readonly of: 'instance'; readonly type: string; readonly engine: string; readonly runningShare: number }
  | { readonly of: 'orphan'; readonly usdPerHour: Usd }
  | { readonly of: 'account'; readonly commitments: readonly string[] };

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
      (state === 'applied' || state === 'measured') &&
      realisedUsdPerMonth !== undefined &&
      (measuredHours ?? 0) >= measuredAfterHours,
  );
  if (measured.length === 0) return undefined;
  return {
    count: measured.length,
    predictedUsdPerMonth: measured.reduce((sum, { predictedUsdPerMonth }) => sum + predictedUsdPerMonth, 0),
    realisedUsdPerMonth: measured.reduce((sum, { realisedUsdPerMonth }) => sum + (realisedUsdPerMonth ?? 0), 0),
  };
};

export const measuredAfterHours = 168;

const states: readonly AdviceState[] = ['open', 'accepted', 'applied', 'measured', 'undone', 'dismissed', 'expired'];

/** Entries of a stored ledger. @throws BadInput for what none of this project's versions wrote */
export const readLedger = (stored: unknown, file: string): readonly LedgerEntry[] => {
  const entries = stored !== null && typeof stored === 'object' && 'entries' in stored ? stored.entries : undefined;
  if (!Array.isArray(entries)) throw notALedger(file, 'no list of entries');
  entries.forEach((entry: Partial<LedgerEntry> | null, i) => {
    const ok =
      typeof entry?.id === 'string' &&
      states.includes(entry.state as AdviceState) &&
      typeof entry.predictedUsdPerMonth === 'number' &&
      typeof entry.firstAdvisedAt === 'number' &&
      typeof entry.lastAdvisedAt === 'number';
    if (!ok) throw notALedger(`${file} entries[${i}]`, JSON.stringify(entry)?.slice(0, 80) ?? 'nothing');
  });
  return entries as readonly LedgerEntry[];
};

const notALedger = (path: string, found: string): BadInput =>
  new BadInput([
    {
      path,
      found,
      expected: 'a ledger that `sluice report --ledger` wrote',
      mend: 'Restore the file, or name a new one.',
    },
  ]);
