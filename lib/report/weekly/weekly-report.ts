import type { EpochSeconds, Usd } from '../../model/units.ts';
import { type ApplyInput, type ApplyResult, applyAdvice } from '../apply/apply-advice.ts';
import { type AppliedLine, entriesOf, linesInForce } from '../apply/in-force.ts';
import { withApplied } from '../apply/with-applied.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import { markApplied } from '../ledger/mark-applied.ts';
import { mergeLedger } from '../ledger/merge-ledger.ts';
import { cents, hoursPerMonth } from '../plan/bill.ts';
import { makePlan, type Plan } from '../plan/make-plan.ts';
import { planContext } from '../plan/plan-context.ts';
import { defaultPlanSettings, type PlanSettings } from '../plan/plan-settings.ts';
import type { PriceBook } from '../prices/price-book.ts';
import type { BillLine, UnavailableSource, Usage } from '../usage/usage.ts';
import { replayEfforts } from './replay-effort.ts';
import { type ServiceStory, serviceStory } from './service-story.ts';
import { type Spend, spendOf } from './spend.ts';

/** Everything the report says, before anybody lays it out. */
export interface WeeklyReport {
  /** The week that is told: the last seven days of the window, or all of a shorter one. */
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  /** Hours of history that the plan rests on. */
  readonly historyHours: number;
  readonly timeZone: string;
  readonly currency: 'USD';
  /** Where all of it runs, sorted. */
  readonly regions: readonly string[];
  readonly prices: { readonly date: string; readonly source: string };
  readonly services: readonly ServiceStory[];
  /** What the told week cost, of everything that has a price; and the week before, where the window has it. */
  readonly spend: Spend;
  readonly previousSpend?: Spend;
  readonly plan: Plan;
  readonly reconciliation?: Reconciliation;
  /** After this week: what `ReportExtras.ledger` became. */
  readonly ledger: readonly LedgerEntry[];
  /** How the command begins that notes a decision about advice: `sluice report --stage prod`. Absent: nothing keeps it. */
  readonly decideWith?: string;
  /** What the report does by itself where the config lets it; and what lies over each config from now on. */
  readonly applied: ApplyResult & { readonly inForce: readonly AppliedLine[] };
  /** What Sluice itself cost in that week. */
  readonly ownUsd?: Usd;
  readonly unavailable: readonly UnavailableSource[];
}

/** Our sum beside the bill's, over the whole window. */
export interface Reconciliation {
  readonly computedUsd: Usd;
  readonly billedUsd: Usd;
  readonly gapPercent: number;
  readonly lines: readonly BillLine[];
}

export interface ReportExtras {
  /** As the week before left it. Absent: nobody keeps one. */
  readonly ledger?: readonly LedgerEntry[];
  /** See `WeeklyReport`. */
  readonly decideWith?: string;
  /** Absent: the report applies nothing, and knows of nothing that is. */
  readonly apply?: ApplyInput;
  /** Absent: as the usage says. */
  readonly ownUsdPerMonth?: Usd;
}

/** Pure: the same week gives the same report, to the byte. */
export const makeReport = (
  given: Usage,
  book: PriceBook,
  settings: PlanSettings = defaultPlanSettings,
  { ledger, decideWith, apply, ownUsdPerMonth = given.ownUsdPerMonth }: ReportExtras = {},
): WeeklyReport => {
  const usage = withApplied(given, apply);
  const context = planContext(usage, book, settings);
  const efforts = replayEfforts(usage, book);
  const dismissed = (ledger ?? []).flatMap(({ id, state }) => (state === 'dismissed' ? [id] : []));
  const plan = makePlan(usage, book, { ...settings, dismissed: [...(settings.dismissed ?? []), ...dismissed] });
  const to = usage.from + usage.hours * 3600;
  const told = Math.min(usage.hours, 168);
  const reconciliation = reconcile(usage, plan);
  const applied = apply === undefined ? nothingApplied : applyAdvice(apply, plan.recommendations, usage);
  return {
    from: to - told * 3600,
    to,
    historyHours: usage.hours,
    timeZone: usage.timeZone,
    currency: usage.currency,
    regions: [...new Set([...usage.services, ...usage.instances, ...usage.orphans].map(({ region }) => region))].sort(),
    prices: { date: book.date, source: book.source },
    services: usage.services.map((service) =>
      serviceStory(service, context, efforts.get(service), (ownUsdPerMonth ?? 0) / usage.services.length),
    ),
    spend: spendOf(usage, book, usage.hours - told, usage.hours),
    ...(usage.hours < 2 * told || told < 168
      ? {}
      : { previousSpend: spendOf(usage, book, usage.hours - 2 * told, usage.hours - told) }),
    plan,
    ...(reconciliation === undefined ? {} : { reconciliation }),
    ledger:
      ledger === undefined
        ? []
        : ledgerAfter(ledger, apply, applied, (before) => mergeLedger(before, plan, usage, book), to),
    ...(decideWith === undefined ? {} : { decideWith }),
    applied: { ...applied, inForce: linesInForce(apply?.plans ?? [], entriesOf(apply, applied.entries)) },
    ...(ownUsdPerMonth === undefined ? {} : { ownUsd: (ownUsdPerMonth * told) / hoursPerMonth }),
    unavailable: usage.unavailable,
  };
};

/** Where nobody knows what lies over the configs, what was applied there stays as it was told last. */
const ledgerAfter = (
  ledger: readonly LedgerEntry[],
  apply: ApplyInput | undefined,
  applied: ApplyResult,
  merge: (ledger: readonly LedgerEntry[]) => readonly LedgerEntry[],
  now: EpochSeconds,
): readonly LedgerEntry[] =>
  apply === undefined
    ? merge(ledger)
    : markApplied(merge(markApplied(ledger, entriesOf(apply), now)), entriesOf(apply, applied.entries), now);

const nothingApplied: ApplyResult = { entries: {}, actions: [] };

/** Lines of the bill for what we know the price of; other lines are the reader's other business. */
const ours =
  /elastic container|\becs\b|fargate|elastic compute|\bec2\b|relational database|\brds\b|elasticache|savings plans/i;

const reconcile = ({ bill }: Usage, plan: Plan): Reconciliation | undefined => {
  const lines = bill.filter(({ service }) => ours.test(service));
  if (lines.length === 0) return undefined;
  const billedUsd = cents(lines.reduce((sum, { usd }) => sum + usd, 0));
  const computedUsd = cents(plan.windowUsd);
  return {
    computedUsd,
    billedUsd,
    gapPercent: billedUsd === 0 ? 0 : (100 * (computedUsd - billedUsd)) / billedUsd,
    lines,
  };
};
