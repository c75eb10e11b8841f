import { type Claim, rankOf } from './claim.ts';

export interface Filled {
  /** By service. */
  readonly counts: ReadonlyMap<string, number>;
  /** For services that got less than they were to have: the limit that had no room. */
  readonly blockedBy: ReadonlyMap<string, string>;
}

/**
 * Hands out tasks one by one, from `startOf` to `endOf`: floors of each priority first, then wants of each priority.
 * The order of the tasks does not depend on the room there is; what does not fit blocks its limit from there on.
 */
export const fill = (
  claims: readonly Claim[],
  startOf: (claim: Claim) => number,
  endOf: (claim: Claim) => number,
  room: Readonly<Record<string, number>>,
): Filled => {
  const filling = new Filling(claims, startOf, room);
  const classes = [...Map.groupBy(claims, rankOf)].toSorted(([a], [b]) => a - b).map(([, members]) => members);
  for (const members of classes) filling.raise(members, (claim) => Math.min(claim.min, endOf(claim)));
  for (const members of classes) filling.raise(members, endOf);
  return filling;
};

class Filling implements Filled {
  readonly counts = new Map<string, number>();
  readonly blockedBy = new Map<string, string>();
  readonly #left: Record<string, number>;
  readonly #blocked = new Set<string>();

  constructor(claims: readonly Claim[], startOf: (claim: Claim) => number, room: Readonly<Record<string, number>>) {
    this.#left = { ...room };
    for (const claim of claims) this.counts.set(claim.service, startOf(claim));
  }

  /** Raises the members of one priority together. */
  raise(members: readonly Claim[], endOf: (claim: Claim) => number): void {
    if (this.#allFit(members, endOf)) {
      for (const claim of members) this.#take(claim, Math.max(0, endOf(claim) - this.#count(claim)));
      return;
    }
    let waiting = members.filter((claim) => this.#count(claim) < endOf(claim));
    while (waiting.length > 0) {
      const next = waiting.reduce((a, b) => (this.#goesBefore(b, a) ? b : a));
      const limit = this.#blocker(next);
      if (limit === undefined) this.#take(next, 1);
      else {
        this.#blocked.add(limit);
        this.blockedBy.set(next.service, limit);
      }
      waiting = waiting.filter(
        (claim) => this.#count(claim) < endOf(claim) && !(limit !== undefined && claim === next),
      );
    }
  }

  /** The common case, without counting one by one. */
  #allFit(members: readonly Claim[], endOf: (claim: Claim) => number): boolean {
    const left = { ...this.#left };
    for (const claim of members) {
      const more = Math.max(0, endOf(claim) - this.#count(claim));
      if (more === 0) continue;
      for (const name in claim.uses) {
        left[name] = (left[name] ?? 0) - (claim.uses[name] ?? 0) * more;
        if (this.#blocked.has(name) || left[name] < -rounding) return false;
      }
    }
    return true;
  }

  #goesBefore(a: Claim, b: Claim): boolean {
    const difference = this.#served(a) - this.#served(b);
    if (difference !== 0) return difference < 0;
    const weights = weightOf(a) - weightOf(b);
    return weights === 0 ? a.service < b.service : weights > 0;
  }

  /** How much of its weighted want a service has: 0 for whoever has nothing yet. */
  #served(claim: Claim): number {
    return this.#count(claim) / (Math.max(1, claim.wanted) * weightOf(claim));
  }

  #blocker(claim: Claim): string | undefined {
    for (const name of Object.keys(claim.uses).toSorted()) {
      if (this.#blocked.has(name) || (this.#left[name] ?? 0) < (claim.uses[name] ?? 0) - rounding) return name;
    }
    return undefined;
  }

  #take(claim: Claim, tasks: number): void {
    this.counts.set(claim.service, this.#count(claim) + tasks);
    for (const name in claim.uses) this.#left[name] = (this.#left[name] ?? 0) - (claim.uses[name] ?? 0) * tasks;
  }

  #count(claim: Claim): number {
    return this.counts.get(claim.service) ?? 0;
  }
}

/** A quarter of a vCPU is exact in binary, a tenth of something is not. */
const rounding = 1e-9;

/** In steps, as urgency moves from tick to tick and shares should not. */
const weightOf = (claim: Claim): number => (claim.urgency >= 1 ? 4 : claim.urgency >= 0.5 ? 2 : 1);
