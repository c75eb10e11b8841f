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
 * No token is granted twice, so in any t seconds at most `burst + perSecond × (t + leaseMs)` requests pass, and of that
 * the last part at most `instances × lease`. A lease that is not spent is lost: a client may get up to one lease per
 * instance and second less than it is allowed. A request more than once a second costs 1/lease writes, at
 * most one in `leaseShare × perSecond` of them under load.
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
    // One lease at a time: the others of this instance may find enough in it.
    while (held.pending !== undefined) await held.pending;
    if (held.blockedUntilMs > nowMs) return refusal(held.blockedUntilMs, nowMs);
    if (held.untilMs <= nowMs) expire(held);
    if (held.tokens < cost) {
      held.pending = this.#lease(key, held, cost, limit, nowMs).finally(() => {
        delete held.pending;
      });
      await held.pending;
    }
    if (held.tokens < cost) return refusal(held.blockedUntilMs, nowMs);
    held.tokens -= cost;
    return { ok: true };
  }

  async #lease(key: string, held: Held, cost: number, limit: RateLimit, nowMs: number): Promise<void> {
    const usedUp = held.tokens === 0 && held.untilMs > nowMs;
    const most = Math.max(1, Math.floor(limit.perSecond * leaseShare));
    held.size = Math.min(most, usedUp ? held.size * 2 : held.size);
    const wanted = Math.max(cost - held.tokens, held.size);
    const first = await this.#buckets.take(key, wanted, limit, nowMs);
    if (first.granted) return grant(held, wanted, nowMs);
    const least = cost - held.tokens;
    const left = Math.min(wanted, tokensLeft(first.fullAtMs, limit, nowMs));
    const second = left >= least && left < wanted ? await this.#buckets.take(key, left, limit, nowMs) : first;
    if (second.granted) return grant(held, left, nowMs);
    // Until a whole lease is there: who comes back for each token asks the store for each token.
    held.blockedUntilMs = Math.max(nowMs + 1, availableAtMs(Math.max(least, held.size), second.fullAtMs, limit));
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

const grant = (held: Held, tokens: number, nowMs: number): void => {
  held.tokens += tokens;
  held.untilMs = nowMs + leaseMs;
  held.blockedUntilMs = 0;
};

/** More was leased than was needed: the next lease is smaller. */
const expire = (held: Held): void => {
  if (held.tokens > 0) held.size = Math.max(1, Math.floor(held.size / 2));
  held.tokens = 0;
};

const refusal = (untilMs: number, nowMs: number): Admission => ({
  ok: false,
  retryAfterSeconds: Math.max(0, untilMs - nowMs) / 1000,
});
