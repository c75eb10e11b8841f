import type { EpochSeconds } from '../../model/units.ts';
import { barredSeconds } from '../apply/apply-advice.ts';
import type { Recommendation } from '../plan/advice.ts';
import { cents } from '../plan/bill.ts';
import type { Plan } from '../plan/make-plan.ts';
import type { PriceBook } from '../prices/price-book.ts';
import type { Usage } from '../usage/usage.ts';
import { appliedAt } from './applied-at.ts';
import { beforeOf } from './before-of.ts';
import { type LedgerEntry, measuredAfterHours } from './ledger.ts';
import { realisedSavings } from './realised.ts';

/**
 * The ledger after this week's report: new advice is opened, advice that the usage shows to be followed is applied and
 * measured, open advice that is no longer given expires. Pure; in the order of the stored entries, new ones last.
 * Merging the same week twice changes nothing.
 */
export const mergeLedger = (
  stored: readonly LedgerEntry[],
  plan: Plan,
  usage: Usage,
  book: PriceBook,
): readonly LedgerEntry[] => {
  const now = usage.from + usage.hours * 3600;
  const advised = new Map(plan.recommendations.map((line) => [line.id, line]));
  const seen = stored.map((entry) => renewed(entry, advised.get(entry.id), usage, now));
  const isOver = ({ state, undoneAt = now }: LedgerEntry): boolean =>
    state === 'expired' || (state === 'undone' && now > undoneAt + barredSeconds);
  const active = new Set(seen.filter((entry) => !isOver(entry)).map(({ id }) => id));
  const opened = plan.recommendations.flatMap((line) => (active.has(line.id) ? [] : [opening(line, usage, now)]));
  const kept = seen.filter((entry) => !isOver(entry) || !advised.has(entry.id));
  const all = [...kept, ...opened];
  const realised = realisedSavings(usage, book, all);
  return all.map((entry) => measured(entry, realised.get(entry.id)));
};

const opening = (line: Recommendation, usage: Usage, now: EpochSeconds): LedgerEntry => {
  const { id, kind, resource, title, usdPerMonth, expiresAt, change } = line;
  const before = beforeOf(usage, line);
  return {
    id,
    kind,
    resource,
    title,
    firstAdvisedAt: now,
    lastAdvisedAt: now,
    expiresAt,
    predictedUsdPerMonth: usdPerMonth,
    state: 'open',
    change,
    ...(before === undefined ? {} : { before }),
  };
};

const renewed = (
  entry: LedgerEntry,
  line: Recommendation | undefined,
  usage: Usage,
  now: EpochSeconds,
): LedgerEntry => {
  if (entry.state !== 'open' && entry.state !== 'accepted') return entry;
  const at = appliedAt(usage, entry);
  if (at !== undefined) return { ...entry, state: 'applied', appliedAt: at };
  if (line === undefined) {
    const expired = entry.state === 'open' && now > (entry.expiresAt ?? entry.lastAdvisedAt);
    return expired ? { ...entry, state: 'expired' } : entry;
  }
  const before = beforeOf(usage, line);
  return {
    ...entry,
    title: line.title,
    lastAdvisedAt: now,
    expiresAt: line.expiresAt,
    predictedUsdPerMonth: line.usdPerMonth,
    change: line.change,
    ...(before === undefined ? {} : { before }),
  };
};

const measured = (
  entry: LedgerEntry,
  realised: { readonly usdPerMonth: number; readonly hours: number } | undefined,
): LedgerEntry =>
  realised === undefined
    ? entry
    : {
        ...entry,
        state: realised.hours >= measuredAfterHours ? 'measured' : 'applied',
        realisedUsdPerMonth: cents(realised.usdPerMonth),
        measuredHours: realised.hours,
      };
