import {
  type AppliedEntry,
  type AppliedMark,
  type AppliedPart,
  appliedParts,
  type Barred,
  isBarred,
  parseApplied,
  sizeBarredSeconds,
  withoutSize,
} from '../../model/applied.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import type { ServicePlan } from '../../model/plan.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { whyNot } from '../../schedule/applied-plan.ts';
import type { Recommendation } from '../plan/advice.ts';
import { sinceSize } from '../plan/sizes/since-size.ts';
import type { FargateUsage, Usage } from '../usage/usage.ts';
import { type AppliedAction, undoCommand } from './applied-action.ts';
import { chooseSize } from './choose-size.ts';
import { sizeWords } from './in-force.ts';
import { isWorse, latenessBetween } from './late-share.ts';
import { partOf } from './part-of.ts';

/** What the report may act on: the plans as configured, and what lies over them. */
export interface ApplyInput {
  readonly plans: readonly ServicePlan[];
  /** Stored texts, by service. */
  readonly applied: Readonly<Record<string, string>>;
  /** A report by hand: it tells what is applied, and applies nothing. */
  readonly looksOnly?: true;
}

export interface ApplyResult {
  /** By service: as it is to be from now on. Services whose entry stays are left out. */
  readonly entries: Readonly<Record<string, AppliedEntry>>;
  readonly actions: readonly AppliedAction[];
}

/** How long what did worse, or was taken back, is left alone. */
export const barredSeconds: Seconds = 56 * 86_400;
/** A change is judged by the hours after it: a day at least, and in the two reports that follow. */
const judgedAfterSeconds: Seconds = 86_400;
const judgedUntilSeconds: Seconds = 15 * 86_400;

/**
 * What becomes of the applied advice with this week's report. Pure: the same week gives the same entries. First what
 * lost its ground falls away and what did worse is taken back, then new advice is applied where the config lets it.
 * Advice that a person applied stays theirs.
 */
export const applyAdvice = (
  { plans, applied, looksOnly }: ApplyInput,
  recommendations: readonly Recommendation[],
  usage: Usage,
): ApplyResult => {
  const entries: Record<string, AppliedEntry> = {};
  const actions: AppliedAction[] = [];
  if (looksOnly) return { entries, actions };
  for (const plan of plans) {
    const service = usage.services.find(({ name }) => name === plan.service);
    const text = applied[plan.service];
    const before = text === undefined ? {} : parseApplied(text);
    // Somebody is mending it, or it comes from a later version: it is not ours to replace.
    if (service === undefined || before === 'unknown') continue;
    const turn = new Turn(plan, service, usage, before);
    turn.tellOfSizes();
    turn.review();
    turn.chooseSize(
      recommendations.find(({ kind, resource }) => kind === 'size' && resource === (service.label ?? service.name)),
    );
    turn.apply(recommendations.filter(({ resource }) => resource === (service.label ?? service.name)));
    actions.push(...turn.actions);
    if (turn.isChanged) entries[plan.service] = turn.entry;
  }
  return { entries, actions };
};

/** One service's turn. */
class Turn {
  readonly actions: AppliedAction[] = [];
  readonly plan: ServicePlan;
  readonly #service: FargateUsage;
  readonly #usage: Usage;
  readonly #now: EpochSeconds;
  #entry: AppliedEntry;
  isChanged = false;

  constructor(plan: ServicePlan, service: FargateUsage, usage: Usage, entry: AppliedEntry) {
    this.plan = plan;
    this.#service = service;
    this.#usage = usage;
    this.#now = usage.from + usage.hours * 3600;
    this.#entry = entry;
  }

  get entry(): AppliedEntry {
    return this.#entry;
  }

  review(): void {
    const { barred } = this.#entry;
    const valid = barred?.filter(({ until }) => until > this.#now);
    if (barred && valid && valid.length < barred.length) this.#set({ ...this.#entry, barred: valid });
    for (const part of appliedParts) {
      const mark = this.#entry[part];
      if (mark === undefined) continue;
      const because = whyNot(this.plan, part, mark);
      if (because !== undefined) this.#drop(part, mark, because);
      else if (mark.byItself && this.#didWorse(mark)) this.#undo(part, mark);
    }
  }

  /** Sizes that were given up since the last report: by the tick, which does not wait for it. */
  tellOfSizes(): void {
    const { service } = this.plan;
    for (const { advice, until, because } of this.#entry.barred ?? []) {
      if (!advice.startsWith(`size:${service} `) || until - sizeBarredSeconds <= this.#now - 7 * 86_400) continue;
      if (until - sizeBarredSeconds > this.#now) continue;
      this.#tell('undone', 'size', advice, `${advice} was given up: ${because}. It is left alone for four weeks.`);
    }
  }

  chooseSize(advice: Recommendation | undefined): void {
    const { from } = this.#usage;
    const measured = sinceSize({ ...this.#usage, services: [this.#service] }).services[0] ?? this.#service;
    const choice = chooseSize(this.plan, measured, this.#entry, advice, { from, now: this.#now });
    // A size that was given up this week was this week's change.
    if (choice === undefined || this.actions.some(({ what }) => what === 'undone')) return;
    const id = `size:${this.plan.service}`;
    if ('withheld' in choice) {
      this.#tell('withheld', 'size', id, `${this.plan.service}: the size stays, for ${choice.withheld}.`);
      return;
    }
    const { values, fields, because } = choice;
    this.#set({ ...this.#entry, size: { ...this.#mark(id, fields), ...values } });
    const move = `${sizeWords(values.before)} → ${sizeWords(values.size)}`;
    this.#tell('applied', 'size', id, `${this.plan.service}: ${move}, in the next quiet hour. ${because}`);
  }

  /** Of what the report does by itself at this moment. */
  #mark(advice: string, fields: string): AppliedMark {
    const lateness = this.#latenessSince(this.#now - 7 * 86_400);
    return {
      advice,
      at: this.#now,
      by: 'report',
      byItself: true,
      fields,
      ...(lateness === undefined ? {} : { lateShareBefore: lateness.share }),
    };
  }

  apply(recommendations: readonly Recommendation[]): void {
    if (this.actions.some(({ what }) => what === 'undone')) return;
    for (const line of recommendations) {
      const made = partOf(line.change, this.plan, this.plan.apply?.downTo ?? this.plan.tasks.min);
      if (made === undefined || made.part === 'size' || !this.plan.apply?.[made.part]) continue;
      const present = this.#entry[made.part];
      if (present !== undefined && (!present.byItself || isSame(present, made.values))) continue;
      if (made.isIdle || this.#mayNot(line)) {
        if (made.isIdle) this.#tell('withheld', made.part, line.id, `${line.title}: not applied, ${made.isIdle}.`);
        continue;
      }
      const mark = this.#mark(line.id, made.fields);
      this.#set({ ...without(this.#entry, line.id), [made.part]: { ...mark, ...made.values } });
      this.#tell('applied', made.part, line.id, `${line.title}. ${made.words}`);
    }
  }

  /** Advice that was taken back is left alone for a while, and thin evidence is for people to judge. */
  #mayNot({ id, reversible, confidence }: Recommendation): boolean {
    return !reversible || confidence === 'low' || isBarred(this.#entry, id, this.#now);
  }

  #didWorse({ at, lateShareBefore }: AppliedMark): boolean {
    const since = this.#now - at;
    if (since < judgedAfterSeconds || since > judgedUntilSeconds) return false;
    return isWorse(this.#service, this.#latenessSince(at), lateShareBefore);
  }

  #latenessSince(at: EpochSeconds) {
    const { from, hours } = this.#usage;
    return latenessBetween(this.#service, Math.ceil((at - from) / 3600), hours);
  }

  #undo(part: AppliedPart, mark: AppliedMark): void {
    const share = this.#latenessSince(mark.at)?.share ?? 0;
    const because = `${percent(share)} of the jobs were late since, ${percent(mark.lateShareBefore ?? 0)} before`;
    if (part === 'size') {
      this.#set(withoutSize(this.#entry, this.plan.worker, because, this.#now));
      this.#tell(
        'undone',
        part,
        mark.advice,
        `${mark.advice} was given up: ${because}. It is left alone for four weeks.`,
      );
      return;
    }
    const bar: Barred = { advice: mark.advice, until: this.#now + barredSeconds, because };
    const { [part]: _, ...rest } = this.#entry;
    this.#set({ ...rest, barred: [...(rest.barred ?? []), bar] });
    this.#tell(
      'undone',
      part,
      mark.advice,
      `${mark.advice} was taken back: ${because}. It is left alone for eight weeks.`,
    );
  }

  #drop(part: AppliedPart, mark: AppliedMark, because: string): void {
    const { [part]: _, ...rest } = this.#entry;
    this.#set(rest);
    this.#tell('dropped', part, mark.advice, `${mark.advice} fell away: ${because}.`);
  }

  #set(entry: AppliedEntry): void {
    const { barred, ...rest } = entry;
    this.#entry = barred === undefined || barred.length === 0 ? rest : entry;
    this.isChanged = true;
  }

  #tell(what: AppliedAction['what'], part: AppliedPart, advice: string, text: string): void {
    const { service } = this.plan;
    const undo = what === 'applied' ? { undo: undoCommand(service, part) } : {};
    this.actions.push({ service, part, advice, what, text, ...undo });
  }
}

/** The same advice may have been another part a week ago: minimums by the hour, now one for all hours. */
const without = (entry: AppliedEntry, advice: string): AppliedEntry =>
  Object.fromEntries(
    Object.entries(entry).filter(
      ([name]) => !appliedParts.some((part) => part === name && entry[part]?.advice === advice),
    ),
  );

/** Advice that is given again is not applied again: it would be judged anew each week. */
const isSame = (present: object, values: object): boolean =>
  canonicalJson({ ...present, ...values }) === canonicalJson(present);

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
