import { type Claim, rankOf } from './allocate/claim.ts';
import { fill } from './allocate/fill.ts';

export interface Grant {
  readonly service: string;
  /** The count that it may have now. Never more than it wants, nor less than it has unless others must have the room. */
  readonly granted: number;
  /** Its share once those that shrink have shrunk. */
  readonly target: number;
  /** The limit that kept `granted` below what it wants. */
  readonly limit?: string;
  /** Who holds that limit now, the largest first. */
  readonly heldBy: readonly { readonly service: string; readonly tasks: number }[];
}

/**
 * Shares scarce limits among services: one pure function of all claims.
 *
 * First the shares as they ought to be: floors by priority, then wants by priority; services of one priority share in
 * proportion to their wants, weighted by urgency, the first task of each first. A task that does not fit blocks its
 * limit for all that come after, so that small tasks never eat the room that a large one waits for; and with that, more
 * of a limit never gives anybody less (with a single limit).
 *
 * Then what is possible now: whoever has more than its share shrinks to it, and whoever has less grows only into room
 * that is really free, since tasks that stop still hold their connections.
 *
 * @returns grants in the order of the claims; the same for any order of the claims
 */
export const allocate = (claims: readonly Claim[], limits: Readonly<Record<string, number>>): readonly Grant[] => {
  const ranked = claims.toSorted(byRank);
  const movable = ranked.filter((claim) => !claim.fixed);
  const shares = fill(movable, () => 0, wantedOf, withoutFixed(limits, ranked));
  const targetOf = (claim: Claim): number => shares.counts.get(claim.service) ?? claim.current;

  const settled = new Set(movable.filter((claim) => claim.current > targetOf(claim)));
  const kept = keepers(movable, settled, targetOf, limits, ranked);
  const free = remaining(limits, ranked, (claim) => claim.current + claim.draining);
  const growers = movable.filter((claim) => claim.current < targetOf(claim));
  const grown = fill(growers, (claim) => claim.current, targetOf, free);

  return claims.map((claim) => {
    const target = targetOf(claim);
    const now = kept.has(claim) ? Math.min(claim.current, claim.wanted) : settled.has(claim) ? target : undefined;
    const granted = now ?? grown.counts.get(claim.service) ?? claim.current;
    const limit = grown.blockedBy.get(claim.service) ?? shares.blockedBy.get(claim.service);
    const short = !claim.fixed && granted < claim.wanted && limit !== undefined;
    return {
      service: claim.service,
      granted,
      target,
      ...(short && { limit }),
      heldBy: short ? holders(ranked, limit) : [],
    };
  });
};

/** Wants wobble by a task from tick to tick; whoever is that little above its share keeps it, or equals would trade tasks for ever. */
const wobbleShare = 0.1;

const byRank = (a: Claim, b: Claim): number => rankOf(a) - rankOf(b) || (a.service < b.service ? -1 : 1);

const wantedOf = (claim: Claim): number => claim.wanted;

const withoutFixed = (limits: Readonly<Record<string, number>>, claims: readonly Claim[]) =>
  remaining(limits, claims, (claim) => (claim.fixed ? claim.current + claim.draining : 0));

const remaining = (
  limits: Readonly<Record<string, number>>,
  claims: readonly Claim[],
  tasksOf: (claim: Claim) => number,
): Readonly<Record<string, number>> => {
  const left: Record<string, number> = { ...limits };
  for (const claim of claims)
    for (const name in claim.uses) left[name] = (left[name] ?? 0) - (claim.uses[name] ?? 0) * tasksOf(claim);
  return left;
};

/** Those who may stay a little above their share: nobody above them is short, and no limit is overdrawn. */
const keepers = (
  movable: readonly Claim[],
  settled: ReadonlySet<Claim>,
  targetOf: (claim: Claim) => number,
  limits: Readonly<Record<string, number>>,
  ranked: readonly Claim[],
): ReadonlySet<Claim> => {
  const shortest = Math.min(...movable.filter((claim) => targetOf(claim) < claim.wanted).map(rankOf));
  const kept = new Set<Claim>();
  for (const claim of settled) {
    const over = Math.min(claim.current, claim.wanted) - targetOf(claim);
    const wobbles = over > 0 && over <= Math.max(1, claim.current * wobbleShare);
    if (wobbles && rankOf(claim) <= shortest) kept.add(claim);
  }
  const after = remaining(limits, ranked, (claim) => claim.current + claim.draining);
  return Object.values(after).some((left) => left < 0) ? new Set() : kept;
};

const holders = (ranked: readonly Claim[], limit: string | undefined): Grant['heldBy'] =>
  ranked
    .filter((claim) => limit !== undefined && (claim.uses[limit] ?? 0) > 0 && claim.current + claim.draining > 0)
    .map((claim) => ({ service: claim.service, tasks: claim.current + claim.draining }))
    .toSorted((a, b) => b.tasks - a.tasks || (a.service < b.service ? -1 : 1));
