import type { EpochSeconds, Seconds } from '../model/units.ts';
import type { Counts } from './rollup-item.ts';
import { type HourIncrement, hourName, mergeIncrements } from './usage-increment.ts';

/** Sums to be added to one hour of one service. The id makes adding them twice impossible. */
export interface Batch {
  readonly id: string;
  readonly service: string;
  readonly increment: HourIncrement;
  readonly priced: boolean;
}

/** The newest totals seen in one hour. */
export interface Snapshot {
  readonly service: string;
  readonly hour: string;
  readonly totals: Counts;
}

interface Open {
  readonly since: EpochSeconds;
  readonly priced: boolean;
  readonly increments: ReadonlyMap<string, HourIncrement>;
  readonly totals: ReadonlyMap<string, Counts>;
}

/** When the table cannot be written for long, the oldest batches go first. */
const keptBatches = 500;

/**
 * Collects usage by service and hour until it is time to write. A batch that was handed out is never added to again:
 * whether it was written may not be known, and only the same sums under the same id can be tried again.
 */
export class RollupBuffer {
  readonly #flushSeconds: Seconds;
  readonly #newId: () => string;
  readonly #open = new Map<string, Open>();
  #batches: readonly Batch[] = [];
  #snapshots: readonly Snapshot[] = [];

  constructor(flushSeconds: Seconds, newId: () => string) {
    this.#flushSeconds = flushSeconds;
    this.#newId = newId;
  }

  add(
    service: string,
    increments: readonly HourIncrement[],
    priced: boolean,
    totals: Counts | undefined,
    now: EpochSeconds,
  ): void {
    const open = this.#open.get(service);
    const byHour = new Map(open?.increments);
    for (const increment of increments) {
      const before = byHour.get(increment.hour);
      byHour.set(increment.hour, before === undefined ? increment : mergeIncrements(before, increment));
    }
    const seen = new Map(open?.totals);
    if (totals !== undefined) seen.set(hourName(now), totals);
    this.#open.set(service, {
      since: open?.since ?? now,
      priced: priced && (open?.priced ?? true),
      increments: byHour,
      totals: seen,
    });
  }

  /** Everything that is to be written now: what is old enough, what belongs to an hour that is over, and what failed before. */
  due(now: EpochSeconds): { readonly batches: readonly Batch[]; readonly snapshots: readonly Snapshot[] } {
    for (const [service, open] of this.#open) {
      const hourIsOver = [...open.increments.keys()].some((hour) => hour !== hourName(now));
      if (!hourIsOver && now - open.since < this.#flushSeconds) continue;
      this.#open.delete(service);
      const closed = [...open.increments.values()].map((increment) => ({
        id: this.#newId(),
        service,
        increment,
        priced: open.priced,
      }));
      this.#batches = [...this.#batches, ...closed].slice(-keptBatches);
      const seen = [...open.totals].map(([hour, totals]) => ({ service, hour, totals }));
      this.#snapshots = [...this.#snapshots, ...seen].slice(-keptBatches);
    }
    return { batches: this.#batches, snapshots: this.#snapshots };
  }

  written(done: Batch | Snapshot): void {
    this.#batches = this.#batches.filter((batch) => batch !== done);
    this.#snapshots = this.#snapshots.filter((snapshot) => snapshot !== done);
  }
}
