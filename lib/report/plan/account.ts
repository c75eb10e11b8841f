import type { Usd } from '../../model/units.ts';
import type { PriceBook } from '../prices/price-book.ts';
import { type CostLine, type Cover, type Settled, Spend, settle, usdOf } from './bill.ts';
import { linesOf, type ResourceState, resourceId } from './resource.ts';
import { asIfAlwaysThere, hoursBeforeKnown } from './since-known-lines.ts';

export interface AccountOptions {
  /**
   * What is known for a part of the window only counts for all of it at what its known hours cost: a month of a service
   * that is a week old is not a month of which it was there for a week. For what was billed: absent.
   */
  readonly asIfAlwaysThere?: boolean;
}

/** All priced resources of an account and their common bill. The one thing in the plan that changes as it is made. */
export class Account {
  readonly #states = new Map<string, ResourceState>();
  readonly #spend: Spend;
  readonly #covers: readonly Cover[];
  readonly #book: PriceBook;
  readonly #options: AccountOptions;
  readonly unpriced: readonly string[];
  settled: Settled;
  usd: Usd;

  constructor(
    states: readonly ResourceState[],
    covers: readonly Cover[],
    book: PriceBook,
    hours: number,
    options: AccountOptions = {},
  ) {
    this.#spend = new Spend(hours);
    this.#options = options;
    this.#covers = covers;
    this.#book = book;
    const unpriced: string[] = [];
    for (const state of states) {
      const lines = this.#linesOf(state);
      if (lines === undefined) unpriced.push(resourceId(state));
      else {
        this.#spend.add(lines);
        this.#states.set(resourceId(state), state);
      }
    }
    this.unpriced = unpriced;
    this.settled = settle(this.#spend, covers);
    this.usd = usdOf(this.settled.usd);
  }

  get states(): readonly ResourceState[] {
    return [...this.#states.values()];
  }

  /** What the account would save in the window with `after` in place. Undefined: no price for it. */
  savingIf(after: ResourceState): Usd | undefined {
    const change = this.#changeTo(after);
    if (change === undefined) return undefined;
    if (this.#covers.length === 0) return sumOf(change.out) - sumOf(change.in);
    this.#apply(change);
    const usd = usdOf(settle(this.#spend, this.#covers).usd);
    this.#apply({ in: change.out, out: change.in });
    return this.usd - usd;
  }

  /** Of each commitment, what of its fees would find no use any more with `after` in place. */
  freedIf(after: ResourceState): readonly Usd[] {
    const change = this.#covers.length === 0 ? undefined : this.#changeTo(after);
    if (change === undefined) return [];
    this.#apply(change);
    const { unusedUsdByCover } = settle(this.#spend, this.#covers);
    this.#apply({ in: change.out, out: change.in });
    return unusedUsdByCover.map((unused, i) => unused - (this.settled.unusedUsdByCover[i] ?? 0));
  }

  /** Puts `after` in place and returns what that saves in the window. */
  take(after: ResourceState): Usd {
    const change = this.#changeTo(after);
    if (change === undefined) throw new Error(`no price for ${resourceId(after)}`);
    this.#apply(change);
    this.#states.set(resourceId(after), after);
    const before = this.usd;
    this.settled = settle(this.#spend, this.#covers);
    this.usd = usdOf(this.settled.usd);
    return before - this.usd;
  }

  /** What one resource costs at on-demand and Spot prices. */
  usdOf(state: ResourceState): Usd {
    return sumOf(this.#linesOf(state) ?? []);
  }

  #linesOf(state: ResourceState): readonly CostLine[] | undefined {
    const lines = linesOf(state, this.#book, this.#spend.hours);
    const before = this.#options.asIfAlwaysThere ? hoursBeforeKnown(state) : 0;
    return before === 0 ? lines : lines?.map((line) => asIfAlwaysThere(line, before));
  }

  #changeTo(after: ResourceState): Change | undefined {
    const before = this.#states.get(resourceId(after));
    const added = this.#linesOf(after);
    const removed = before && this.#linesOf(before);
    return added && removed && { in: added, out: removed };
  }

  #apply(change: Change): void {
    this.#spend.add(change.out, -1);
    this.#spend.add(change.in);
  }
}

interface Change {
  readonly in: readonly CostLine[];
  readonly out: readonly CostLine[];
}

const sumOf = (lines: readonly CostLine[]): Usd => lines.reduce((sum, { usd }) => sum + usdOf(usd), 0);
