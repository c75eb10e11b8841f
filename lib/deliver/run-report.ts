import type { AppliedWrite } from '../act/applied-store.ts';
import { gunzipJson, gzipJson } from '../act/gzip-json.ts';
import type { AppliedEntry } from '../model/applied.ts';
import type { ReportPlan } from '../model/report-plan.ts';
import type { EpochSeconds, Usd } from '../model/units.ts';
import type { ApplyInput } from '../report/apply/apply-advice.ts';
import type { LedgerEntry } from '../report/ledger/ledger.ts';
import type { PriceBook } from '../report/prices/price-book.ts';
import type { Usage } from '../report/usage/usage.ts';
import { reportForms } from '../report/weekly/report-forms.ts';
import { makeReport } from '../report/weekly/weekly-report.ts';
import type { ReportChannel } from './channel.ts';
import { deliver } from './deliver.ts';
import type { ReportFiles } from './report-files.ts';
import type { ReportItems } from './report-items.ts';
import { reportWeekAt } from './report-week.ts';

/** What a week's report is made of. Kept beside it, so that making it again gives the same bytes. */
export interface ReportInput {
  readonly usage: Usage;
  readonly book: PriceBook;
  readonly ownUsdPerMonth?: Usd;
  readonly ledger: readonly LedgerEntry[];
  /** Absent: kept by a version that applied nothing. */
  readonly apply?: ApplyInput;
}

export interface ReportRun {
  readonly stage: string;
  readonly plan: ReportPlan;
  readonly files: ReportFiles;
  readonly items: ReportItems;
  readonly channels: readonly ReportChannel[];
  /** Asks the account: dear, and another answer each time. */
  readInput(window: ReportWindow): Promise<Omit<ReportInput, 'ledger'>>;
  linkTo(key: string): string;
  /** How the command begins that decides on its advice: `sluice report --stage prod --regions eu-west-1`. */
  readonly decideWith: string;
}

/** Full hours up to `to`. */
export interface ReportWindow {
  readonly to: EpochSeconds;
  readonly hours: number;
}

export interface ReportOutcome {
  readonly week: string;
  readonly keys: readonly string[];
  /** Services whose applied advice is another one now. Empty on a run that comes again. */
  readonly applied: readonly { readonly service: string; readonly outcome: AppliedWrite }[];
  /** Channels that got it now; those that had it before are in neither list. */
  readonly sent: readonly string[];
  readonly failed: readonly { readonly channel: string; readonly because: string }[];
}

/** Nine weeks: commitments are advised on 60 days at least. */
export const historyHours = 9 * 168;

/**
 * One week's report, from the account to its readers. May be run again at any time: what is written stays as it is, who
 * has it does not get it again, and what failed is tried again.
 * @param at when it was due, not when it runs: a retry on the next day tells the same week
 */
export const runReport = async (run: ReportRun, at: EpochSeconds, now: EpochSeconds): Promise<ReportOutcome> => {
  const { name: week, to } = reportWeekAt(at, run.plan.timeZone);
  const keyOf = (file: string): string => `reports/${run.stage}/${week}/${file}`;
  const input = await inputOf(run, keyOf('input.json.gz'), { to, hours: historyHours });
  const report = makeReport(input.usage, input.book, undefined, {
    ledger: input.ledger,
    decideWith: run.decideWith,
    ...(input.apply === undefined ? {} : { apply: input.apply }),
    ...(input.ownUsdPerMonth === undefined ? {} : { ownUsdPerMonth: input.ownUsdPerMonth }),
  });
  const forms = reportForms(report).map((form) => ({ ...form, key: keyOf(form.name) }));
  for (const { key, text, contentType } of forms) await run.files.writeOnce(key, Buffer.from(text), contentType);
  const applied = await applyOnce(run, week, report.applied.entries, input.apply?.applied ?? {}, now);
  await run.items.writeLedger(report.ledger, report.to);
  return { week, applied, keys: forms.map(({ key }) => key), ...(await deliver(run, report, week, keyOf, now)) };
};

/**
 * Once a week: a run that comes again on the next day must not bring back what a person has undone meanwhile. A crash
 * before the mark writes the same once more.
 */
const applyOnce = async (
  { items }: ReportRun,
  week: string,
  entries: Readonly<Record<string, AppliedEntry>>,
  seen: Readonly<Record<string, string>>,
  now: EpochSeconds,
): Promise<ReportOutcome['applied']> => {
  if (Object.keys(entries).length === 0 || (await items.sentTo(week)).has(appliedMark)) return [];
  const applied = [];
  for (const [service, entry] of Object.entries(entries)) {
    applied.push({ service, outcome: await items.writeApplied(service, seen[service], entry) });
  }
  await items.markSent(week, appliedMark, now);
  return applied;
};

/** Beside the channels that have got the week's report. */
const appliedMark = 'applied';

/** As it was kept when this week was first reported, else from the account. Whoever keeps it first is right. */
const inputOf = async (run: ReportRun, key: string, window: ReportWindow): Promise<ReportInput> => {
  const kept = await run.files.read(key);
  if (kept !== undefined) return (await gunzipJson(kept)) as ReportInput;
  const [ledger, read] = await Promise.all([run.items.readLedger(), run.readInput(window)]);
  const input: ReportInput = { ...read, ledger };
  const written = await run.files.writeOnce(key, await gzipJson(input), 'application/gzip');
  const first = written === 'written' ? undefined : await run.files.read(key);
  return first === undefined ? input : ((await gunzipJson(first)) as ReportInput);
};
