import type { RateLimit } from '../../../model/job-api-plan.ts';

/** What a shared bucket says to somebody who wants tokens. `fullAtMs`: when it will be full again if nobody takes more. */
export type Lease =
  | { readonly granted: true; readonly fullAtMs: number }
  | { readonly granted: false; readonly fullAtMs: number };

/** Buckets that all instances of the function share. */
export interface Buckets {
  /** Takes `tokens` at once, or none. Two who ask at the same time never get the same tokens. */
  take(key: string, tokens: number, limit: RateLimit, nowMs: number): Promise<Lease>;
}

/**
 * A token bucket as one number (GCRA): the instant at which it is full. A token moves it by its refill time; what is
 * asked for fits while the bucket would not be emptier than empty.
 */
export const moveMs = (tokens: number, { perSecond }: RateLimit): number => (tokens * 1000) / perSecond;

/** The latest `fullAtMs` before the move at which so many tokens are still there. */
export const roofMs = (tokens: number, limit: RateLimit, nowMs: number): number =>
  nowMs + moveMs(limit.burst - tokens, limit);

/** Tokens in the bucket. */
export const tokensLeft = (fullAtMs: number, limit: RateLimit, nowMs: number): number =>
  Math.floor(limit.burst - (Math.max(0, fullAtMs - nowMs) * limit.perSecond) / 1000 + 1e-9);

/** The first instant at which so many tokens will be there, if nobody takes any. */
export const availableAtMs = (tokens: number, fullAtMs: number, limit: RateLimit): number =>
  fullAtMs - moveMs(limit.burst - tokens, limit);
