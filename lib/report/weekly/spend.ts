import type { Usd } from '../../model/units.ts';
import { Spend as Sums, settle } from '../plan/bill.ts';
import { heldCovers } from '../plan/commitments/held-covers.ts';
import { initialStates } from '../plan/initial-states.ts';
import { linesOf, type ResourceState } from '../plan/resource.ts';
import type { PriceBook } from '../prices/price-book.ts';
import type { InstanceKind, Usage } from '../usage/usage.ts';

/** What some hours cost, and on what it went. The lines add up to the total. */
export interface Spend {
  readonly usd: Usd;
  readonly lines: readonly SpendLine[];
}

export interface SpendLine {
  readonly of: InstanceKind | 'fargate' | 'orphan' | 'beside' | 'commitments';
  /** Resources with a known price. */
  readonly count: number;
  /** At list prices; of `commitments` what they took off, fees counted: below zero, unless they lie idle. */
  readonly usd: Usd;
}

const kinds = ['fargate', 'ec2', 'rds', 'elasticache', 'orphan'] as const;

/** The hours `from` to `to` of the window. What has no price is in no line, and is named elsewhere. */
export const spendOf = (usage: Usage, book: PriceBook, from: number, to: number): Spend => {
  const sums = new Sums(usage.hours);
  const priced = initialStates(usage).flatMap((state) => {
    const lines = linesOf(state, book, usage.hours);
    if (lines === undefined) return [];
    sums.add(lines);
    return [{ kind: kindOf(state), usd: lines.reduce((usd, line) => usd + between(line.usd, from, to), 0) }];
  });
  const lines: SpendLine[] = kinds.flatMap((of) => {
    const mine = priced.filter(({ kind }) => kind === of);
    return mine.length === 0 ? [] : [{ of, count: mine.length, usd: mine.reduce((usd, one) => usd + one.usd, 0) }];
  });
  const list = lines.reduce((usd, line) => usd + line.usd, 0);
  const covers = heldCovers(usage, book);
  if (covers.length > 0) {
    const paid = between(settle(sums, covers).usd, from, to);
    lines.push({ of: 'commitments', count: covers.length, usd: paid - list });
  }
  const overheads = usage.services.flatMap((service) => service.overheads ?? []);
  const besideUsd = overheads.reduce((usd, one) => usd + one.usdPerHour * (to - from), 0);
  if (besideUsd > 0) lines.push({ of: 'beside', count: overheads.length, usd: besideUsd });
  return { usd: lines.reduce((usd, line) => usd + line.usd, 0), lines };
};

const kindOf = (state: ResourceState): (typeof kinds)[number] =>
  state.kind === 'instance' ? state.usage.kind : state.kind;

const between = (hourly: Float64Array, from: number, to: number): Usd => {
  let usd = 0;
  for (let h = from; h < to; h++) usd += hourly[h] as number;
  return usd;
};
