import type { RateLimit } from '../../../model/job-api-plan.ts';
import { availableAtMs, type Buckets, tokensLeft } from './buckets.ts';

export type Admission = { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number };

/** A lease is spent within this time, or lost. */
export const leaseMs = 1000;
/** The most that one lease takes of a bucket, as a share of what flows in within a second. */
export const leaseShare = 0.1;
const keysMost = 10_000;

/**
 * Rate limits that hold over all instances of the function, without a write for each request: an instance leases some
 * tokens of the shared bucket and spends them from memory, and while a bucket is empty it refuses from memory. A lease
 * begins with one token and doubles while leases are used up.
 *
 * No token is granted twice, so in any t seconds at most `burst + perSecond × (t + leaseMs)` requests pass; what goes
 * beyond `burst + perSecond × t` is at most one lease for each instance. A lease that is not spent is lost: a client may
 * get up to one lease per instance and second less than it is allowed. Cost: one write a lease, which is one a
 * request below a request a second and instance, a tenth of one under load, a quarter at three times the limit.
 */
export class RateLimiter {
  readonly #buckets: Buckets;
  readonly #held = new Map<string, Held>();

  constructor(buckets: Buckets) {
    this.#buckets = buckets;
  }

  /** Rejects when the store does. */
  async admit(key: string, cost: number, limit: RateLimit, nowMs: number): Promise<Admission> {
    if (cost > limit.burst) return { ok: false, retryAfterSeconds: Number.POSITIVE_INFINITY };
    const held = this.#of(key);
    for (;;) {
      // One lease at a time: the others of this instance may find enough in it, and who leased may come too late.
      while (held.pending !== undefined) await held.pending;
      if (held.blockedUntilMs > nowMs) return refusal(held.blockedUntilMs, nowMs);
      if (held.untilMs <= nowMs) expire(held);
      if (held.tokens >= cost) break;
      const leasing = this.#lease(key, held, cost, limit, nowMs);
      held.pending = leasing.then(ignore, ignore);
      const refusedUntilMs = await leasing.finally(() => {
        delete held.pending;
      });
      if (refusedUntilMs !== undefined) return refusal(refusedUntilMs, nowMs);
    }
    held.tokens -= cost;
    return { ok: true };
  }

  /** Undefined: there is more now. Else when there will be enough. */
  async #lease(key: string, held: Held, cost: number, limit: RateLimit, nowMs: number): Promise<number | undefined> {
    const usedUp = held.tokens === 0 && held.untilMs > nowMs;
    const most = Math.max(1, Math.floor(limit.perSecond * leaseShare));
    held.size = Math.min(most, usedUp ? held.size * 2 : held.size);
    const least = cost - held.tokens;
    const wanted = Math.max(least, held.size);
    const first = await this.#buckets.take(key, wanted, limit, nowMs);
    if (first.granted) return grant(held, wanted, nowMs);
    const left = Math.min(wanted, tokensLeft(first.fullAtMs, limit, nowMs));
    // The last crumbs of a bucket are left to grow: taken one by one they would cost a write each.
    const worthIt = left >= least && left < wanted && left >= held.size / 2;
    const second = worthIt ? await this.#buckets.take(key, left, limit, nowMs) : first;
    if (second.granted) return grant(held, left, nowMs);
    // Until a whole lease is there: who comes back for each token asks the store for each token. A batch that needs
    // more than a lease blocks nobody else.
    held.blockedUntilMs = availableAtMs(held.size, second.fullAtMs, limit);
    return Math.max(nowMs + 1, availableAtMs(wanted, second.fullAtMs, limit));
  }

  #of(key: string): Held {
    const known = this.#held.get(key);
    if (known !== undefined) return known;
    // The oldest go: a crowd of addresses must not fill the memory.
    for (const oldest of this.#held.keys()) {
      if (this.#held.size < keysMost) break;
      this.#held.delete(oldest);
    }
    const fresh: Held = { tokens: 0, untilMs: 0, size: 1, blockedUntilMs: 0 };
    this.#held.set(key, fresh);
    return fresh;
  }
}

/** What this instance holds of one bucket. */
interface Held {
  tokens: number;
  untilMs: number;
  size: number;
  blockedUntilMs: number;
  pending?: Promise<void>;
}

const grant = (held: Held, tokens: number, nowMs: number): undefined => {
  held.tokens += tokens;
  held.untilMs = nowMs + leaseMs;
  held.blockedUntilMs = 0;
};

const ignore = (): undefined => undefined;

/** More was leased than was needed: the next lease is smaller. */
const expire = (held: Held): void => {
  if (held.tokens > 0) held.size = Math.max(1, Math.floor(held.size / 2));
  held.tokens = 0;
};

const refusal = (untilMs: number, nowMs: number): Admission => ({
  ok: false,
  retryAfterSeconds: Math.max(0, untilMs - nowMs) / 1000,
});
