import type { BadInput } from '../model/bad-input.ts';
import type { ServiceBinding } from '../model/binding.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';

export interface ReadBindings {
  readonly bindings: readonly ServiceBinding[];
  readonly issues: readonly BadInput[];
}

/**
 * The bindings of a stage, read when they are first asked for and, where stacks write some of them after this function
 * has started, now and then again. A binding that did not change stays the same object: schedules are compiled once a
 * plan. What cannot be read again stays as it was.
 */
export class FreshBindings {
  readonly #read: () => Promise<ReadBindings>;
  readonly #everySeconds: Seconds;
  #known: ReadBindings | undefined;
  #until: EpochSeconds = 0;

  /** @param everySeconds `Infinity`: once */
  constructor(read: () => Promise<ReadBindings>, everySeconds: Seconds) {
    this.#read = read;
    this.#everySeconds = everySeconds;
  }

  /** Rejects when nothing was ever read. The issues come once. */
  async at(now: EpochSeconds): Promise<ReadBindings> {
    if (this.#known !== undefined && now < this.#until) return { ...this.#known, issues: [] };
    const known = this.#known;
    const fresh = known === undefined ? await this.#read() : await this.#read().catch(() => known);
    this.#until = now + this.#everySeconds;
    this.#known = { ...fresh, bindings: fresh.bindings.map((binding) => unchanged(binding, known) ?? binding) };
    return this.#known;
  }
}

const unchanged = (binding: ServiceBinding, known: ReadBindings | undefined): ServiceBinding | undefined => {
  const before = known?.bindings.find(({ plan }) => plan.service === binding.plan.service);
  return before !== undefined && JSON.stringify(before) === JSON.stringify(binding) ? before : undefined;
};
