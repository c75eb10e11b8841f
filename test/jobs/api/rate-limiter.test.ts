import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Buckets } from '../../../lib/jobs/api/limit/buckets.ts';
import { DynamoBuckets } from '../../../lib/jobs/api/limit/dynamo-buckets.ts';
import { leaseMs, RateLimiter } from '../../../lib/jobs/api/limit/rate-limiter.ts';
import { type JobsTable, startJobsTable } from '../jobs-table.ts';
import { MemoryBuckets } from './api-world.ts';

const limit = { perSecond: 100, burst: 200 };

describe('RateLimiter', () => {
  test('over any window no more pass than the burst, the rate, and what was leased before it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 5 })), {
          minLength: 300,
          maxLength: 900,
        }),
        async (instances, steps) => {
          const buckets = new MemoryBuckets();
          const limiters = Array.from({ length: instances }, () => new RateLimiter(buckets));
          const passed: number[] = [];
          let nowMs = 1e12;
          for (const [stepMs, instance] of steps) {
            nowMs += stepMs;
            const limiter = limiters[instance % instances];
            if ((await limiter?.admit('k', 1, limit, nowMs))?.ok) passed.push(nowMs);
          }
          for (let i = 0; i < passed.length; i += 7) {
            for (let j = i; j < passed.length; j += 13) {
              const seconds = ((passed[j] ?? 0) - (passed[i] ?? 0) + leaseMs) / 1000;
              expect(j - i + 1).toBeLessThanOrEqual(limit.burst + limit.perSecond * seconds);
            }
          }
        },
      ),
      { numRuns: 30, seed: 7 },
    );
  });

  test.each([
    ['within the limit', 90, 0.2],
    ['at three times the limit', 300, 0.35],
  ])(
    '%s, through five instances: what may pass does, for a fraction of a write a request',
    async (_name, perSecond, writes) => {
      const buckets = new MemoryBuckets();
      const limiters = Array.from({ length: 5 }, () => new RateLimiter(buckets));
      const seconds = 20;
      const asked = seconds * perSecond;
      let passed = 0;
      for (let i = 0; i < asked; i++) {
        const nowMs = 1e12 + (i * 1000) / perSecond;
        if ((await limiters[i % 5]?.admit('k', 1, limit, nowMs))?.ok) passed += 1;
      }
      const allowed = Math.min(asked, limit.burst + seconds * limit.perSecond);
      expect(passed).toBeGreaterThan(0.98 * allowed);
      expect(passed).toBeLessThanOrEqual(allowed);
      expect(buckets.takes / asked).toBeLessThan(writes);
    },
  );

  test('one slow client costs one write a request and is never refused', async () => {
    const buckets = new MemoryBuckets();
    const limiter = new RateLimiter(buckets);
    for (let i = 0; i < 50; i++) expect((await limiter.admit('k', 1, limit, 1e12 + i * 1500)).ok).toBe(true);
    expect(buckets.takes).toBe(50);
  });

  test('requests of one instance at one instant share a lease, and all but the last crumbs are given out', async () => {
    const limiter = new RateLimiter(new MemoryBuckets());
    const all = await Promise.all(Array.from({ length: 250 }, () => limiter.admit('k', 1, limit, 1e12)));
    const passed = all.filter(({ ok }) => ok).length;
    // Less than half a lease may stay in the bucket.
    expect(passed).toBeGreaterThan(195);
    expect(passed).toBeLessThanOrEqual(200);
  });

  test('a batch that must wait keeps single requests out no longer than they must', async () => {
    const limiter = new RateLimiter(new MemoryBuckets());
    expect(await limiter.admit('k', 190, limit, 1e12)).toEqual({ ok: true });
    expect(await limiter.admit('k', 60, limit, 1e12)).toEqual({ ok: false, retryAfterSeconds: 0.5 });
    expect(await limiter.admit('k', 1, limit, 1e12)).toEqual({ ok: true });
    expect((await limiter.admit('k', 201, limit, 1e12)).ok).toBe(false);
  });

  test('a store that fails is an error, not an open door, and the next request tries again', async () => {
    let broken = true;
    const memory = new MemoryBuckets();
    const limiter = new RateLimiter({
      take: (...args) => (broken ? Promise.reject(new Error('down')) : memory.take(...args)),
    });
    await expect(limiter.admit('k', 1, limit, 1e12)).rejects.toThrow('down');
    broken = false;
    expect((await limiter.admit('k', 1, limit, 1e12)).ok).toBe(true);
  });
});

describe.each(['memory', 'DynamoDB'] as const)('buckets in %s', (kind) => {
  let table: JobsTable | undefined;
  let buckets: Buckets;
  beforeAll(async () => {
    table = kind === 'memory' ? undefined : await startJobsTable();
    buckets = table === undefined ? new MemoryBuckets() : new DynamoBuckets(table.client, table.name);
  });
  afterAll(() => table?.close());
  const small = { perSecond: 2, burst: 4 };

  test('are full at first, and give what they hold and no more', async () => {
    const now = 1e12;
    expect(await buckets.take('a', 3, small, now)).toEqual({ granted: true, fullAtMs: now + 1500 });
    expect(await buckets.take('a', 2, small, now)).toEqual({ granted: false, fullAtMs: now + 1500 });
    expect(await buckets.take('a', 1, small, now)).toEqual({ granted: true, fullAtMs: now + 2000 });
    expect((await buckets.take('a', 1, small, now + 499)).granted).toBe(false);
    expect((await buckets.take('a', 1, small, now + 500)).granted).toBe(true);
    expect(await buckets.take('a', 4, small, now + 60_000)).toEqual({ granted: true, fullAtMs: now + 62_000 });
    expect((await buckets.take('b', 4, small, now)).granted).toBe(true);
  });

  test('of twenty who ask at once, as many get a token as there are', async () => {
    const others = table === undefined ? [buckets] : [buckets, new DynamoBuckets(table.client, table.name)];
    const asked = Array.from({ length: 20 }, (_, i) => others[i % others.length]?.take('race', 1, small, 1e12));
    const granted = (await Promise.all(asked)).filter((lease) => lease?.granted);
    // A race that is lost three times counts as a refusal, which errs to the safe side.
    expect(granted.length).toBeLessThanOrEqual(4);
    expect(granted.length).toBeGreaterThan(0);
  });
});
