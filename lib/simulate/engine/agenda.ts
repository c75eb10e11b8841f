import type { Seconds } from '../../model/units.ts';

/** What will happen at known times, besides arrivals and completions. Things of one instant happen in the order of entry. */
export class Agenda {
  readonly #heap: Entry[] = [];
  #entered = 0;

  /** Infinity when there is nothing. */
  get nextAt(): Seconds {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  add(at: Seconds, happen: () => void): void {
    const heap = this.#heap;
    const entry: Entry = { at, order: this.#entered, happen };
    this.#entered += 1;
    let i = heap.length;
    heap.push(entry);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as Entry;
      if (before(above, entry)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = entry;
  }

  /** Takes the next thing off and returns what shall happen. */
  take(): () => void {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last) throw new RangeError('the agenda is empty');
    if (heap.length > 0) this.#sink(last);
    return first.happen;
  }

  #sink(entry: Entry): void {
    const heap = this.#heap;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
      const below = heap[child] as Entry;
      if (before(entry, below)) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = entry;
  }
}

interface Entry {
  readonly at: Seconds;
  readonly order: number;
  readonly happen: () => void;
}

const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
