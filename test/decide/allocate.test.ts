import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claim, rankOf } from '../../lib/decide/allocate/claim.ts';
import { allocate, type Grant } from '../../lib/decide/allocate.ts';

const claim = (service: string, change: Partial<Claim> = {}): Claim => ({
  service,
  priority: 'normal',
  min: 0,
  current: 0,
  wanted: 10,
  draining: 0,
  urgency: 0,
  uses: { db: 20 },
  ...change,
});
const granted = (claims: readonly Claim[], limits: Record<string, number> = { db: 500 }): Record<string, number> =>
  Object.fromEntries(allocate(claims, limits).map((grant) => [grant.service, grant.granted]));

describe('shares of 500 connections at 20 a task', () => {
  it.each<[string, readonly Claim[], Record<string, number>]>([
    ['all get what they want while it fits', [claim('a'), claim('b', { wanted: 15 })], { a: 10, b: 15 }],
    ['one alone gets all of it', [claim('a', { wanted: 130 })], { a: 25 }],
    [
      'a critical service goes before all others',
      [claim('low', { priority: 'low', wanted: 25 }), claim('top', { priority: 'critical', wanted: 24 })],
      { low: 1, top: 24 },
    ],
    [
      'a floor goes before wants of a higher priority',
      [claim('low', { priority: 'low', min: 4, wanted: 25 }), claim('top', { priority: 'critical', wanted: 50 })],
      { low: 4, top: 21 },
    ],
    [
      'of floors that do not all fit, those of a higher priority go first',
      [
        claim('low', { priority: 'low', min: 20, wanted: 20 }),
        claim('top', { priority: 'critical', min: 20, wanted: 20 }),
      ],
      { low: 5, top: 20 },
    ],
    [
      'equals share in proportion to their wants',
      [claim('a', { wanted: 40 }), claim('b', { wanted: 10 })],
      { a: 20, b: 5 },
    ],
    [
      'of equals the one that is late gets more',
      [claim('a', { wanted: 30, urgency: 2 }), claim('b', { wanted: 30, urgency: 0.1 })],
      { a: 20, b: 5 },
    ],
    ['each of the equals gets a first task', [claim('a', { wanted: 500 }), claim('b', { wanted: 1 })], { a: 24, b: 1 }],
    [
      'a low one that has it all gives way, and the room is given when it is free',
      [claim('low', { priority: 'low', current: 25, wanted: 25 }), claim('top', { priority: 'critical', wanted: 5 })],
      { low: 20, top: 0 },
    ],
    [
      'tasks that drain still hold their share',
      [
        claim('low', { priority: 'low', current: 20, draining: 3, wanted: 20 }),
        claim('top', { priority: 'critical', wanted: 5 }),
      ],
      { low: 20, top: 2 },
    ],
    [
      'what is fixed keeps what it has',
      [
        claim('held', { current: 20, wanted: 20, priority: 'low', fixed: true }),
        claim('top', { priority: 'critical', wanted: 9 }),
      ],
      { held: 20, top: 5 },
    ],
    [
      'an equal that wobbles by a task above its share keeps it',
      [claim('a', { current: 13, wanted: 20 }), claim('b', { current: 12, wanted: 22 })],
      { a: 13, b: 12 },
    ],
    [
      'a low one that wobbles above its floor yields to a critical one that is short',
      [
        claim('low', { priority: 'low', min: 12, current: 13, wanted: 13 }),
        claim('top', { priority: 'critical', current: 12, wanted: 20 }),
      ],
      { low: 12, top: 12 },
    ],
  ])('%s', (_what, claims, expected) => {
    expect(granted(claims)).toEqual(expected);
  });

  it('takes each limit for itself: who is stopped by one does not bar the others', () => {
    const claims = [claim('a', { wanted: 30, priority: 'high' }), claim('b', { wanted: 30, uses: { redis: 10 } })];
    expect(granted(claims, { db: 500, redis: 200 })).toEqual({ a: 25, b: 20 });
  });

  it('lets no small task into the room that a large one of higher priority waits for', () => {
    const claims = [
      claim('big', { priority: 'high', wanted: 2, uses: { db: 30 } }),
      claim('small', { uses: { db: 1 } }),
    ];
    expect(granted(claims, { db: 50 })).toEqual({ big: 1, small: 0 });
  });

  it('names the limit and who holds it', () => {
    const grants = allocate([claim('a', { current: 25, wanted: 25, priority: 'high' }), claim('b')], { db: 500 });
    expect(grants[1]).toMatchObject({ granted: 0, limit: 'db', heldBy: [{ service: 'a', tasks: 25 }] });
    expect(grants[0]).not.toHaveProperty('limit');
  });

  it('counts fractions of a vCPU exactly', () => {
    expect(granted([claim('a', { wanted: 50, uses: { vcpu: 0.1 } })], { vcpu: 3 })).toEqual({ a: 30 });
  });
});

const someClaims = fc
  .array(
    fc.record({
      priority: fc.constantFrom('critical', 'high', 'normal', 'low'),
      min: fc.nat(5),
      current: fc.nat(30),
      wanted: fc.nat(60),
      draining: fc.oneof(fc.constant(0), fc.nat(4)),
      urgency: fc.constantFrom(0, 0.6, 3),
      uses: fc.constantFrom({ db: 20 }, { db: 5 }, { db: 7, redis: 3 }, { redis: 10 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all): readonly Claim[] =>
    all.map((one, i) => ({ ...one, min: Math.min(one.min, one.wanted), service: `s${i}` })),
  );
const someLimits = fc.record({ db: fc.nat(900), redis: fc.nat(300) });
const byName = (grants: readonly Grant[]) => new Map(grants.map((grant) => [grant.service, grant]));
const sumOf = (claims: readonly Claim[], limit: string, tasks: (claim: Claim) => number): number =>
  claims.reduce((sum, one) => sum + (one.uses[limit] ?? 0) * tasks(one), 0);

describe('laws of sharing', () => {
  const holds = (law: (claims: readonly Claim[], limits: { db: number; redis: number }) => void): void =>
    fc.assert(fc.property(someClaims, someLimits, law), { seed: 4, numRuns: 2000 });

  it('the shares stay within each limit, and so does what runs, unless it did not before', () => {
    holds((claims, limits) => {
      const grants = byName(allocate(claims, limits));
      for (const limit of ['db', 'redis'] as const) {
        expect(sumOf(claims, limit, (one) => grants.get(one.service)?.target ?? 0)).toBeLessThanOrEqual(limits[limit]);
        const before = sumOf(claims, limit, (one) => one.current + one.draining);
        const after = sumOf(
          claims,
          limit,
          (one) => Math.max(one.current, grants.get(one.service)?.granted ?? 0) + one.draining,
        );
        expect(after).toBeLessThanOrEqual(Math.max(before, limits[limit]));
      }
    });
  });

  it('what runs comes within the limit once it has drained', () => {
    holds((claims, limits) => {
      const settled = claims.map((one) => ({ ...one, draining: 0 }));
      const grants = byName(allocate(settled, limits));
      for (const limit of ['db', 'redis'] as const)
        expect(sumOf(settled, limit, (one) => grants.get(one.service)?.granted ?? 0)).toBeLessThanOrEqual(
          limits[limit],
        );
    });
  });

  it('nobody gets more than it asked for', () => {
    holds((claims, limits) => {
      const grants = byName(allocate(claims, limits));
      for (const { service, wanted } of claims) {
        expect(grants.get(service)?.granted).toBeLessThanOrEqual(wanted);
        expect(grants.get(service)?.granted).toBeGreaterThanOrEqual(0);
      }
    });
  });

  it('more of a single limit never gives anybody less', () => {
    holds((claims, { db }) => {
      const single = claims.map((one) => ({ ...one, uses: { db: one.uses.db ?? 4 } }));
      const less = byName(allocate(single, { db }));
      const more = byName(allocate(single, { db: db + 13 }));
      for (const { service } of single) {
        expect(more.get(service)?.target).toBeGreaterThanOrEqual(less.get(service)?.target ?? 0);
        expect(more.get(service)?.granted).toBeGreaterThanOrEqual(less.get(service)?.granted ?? 0);
      }
    });
  });

  it('nobody has more than its floor while one of higher priority is short of that limit', () => {
    holds((claims, { db }) => {
      const single = claims.map((one) => ({ ...one, uses: { db: one.uses.db ?? 4 } }));
      const grants = byName(allocate(single, { db }));
      for (const short of single) {
        if ((grants.get(short.service)?.target ?? 0) >= short.wanted) continue;
        for (const one of single)
          if (rankOf(one) > rankOf(short)) expect(grants.get(one.service)?.target).toBeLessThanOrEqual(one.min);
      }
    });
  });

  it('a critical service gets what it would get alone beside the floors of the others', () => {
    holds((claims, limits) => {
      const [first, ...rest] = claims;
      if (first === undefined) return;
      const top = { ...first, priority: 'critical' as const, uses: { db: 20 } };
      const others = rest.map((one) => (one.priority === 'critical' ? { ...one, priority: 'high' as const } : one));
      const floors = sumOf(others, 'db', (one) => one.min);
      const room = Math.max(0, Math.floor((limits.db - floors) / 20));
      const target = byName(allocate([top, ...others], limits)).get(top.service)?.target ?? 0;
      expect(target).toBeGreaterThanOrEqual(Math.min(top.wanted, room));
    });
  });

  it('the order of the claims does not matter', () => {
    fc.assert(
      fc.property(
        someClaims.chain((claims) =>
          fc.tuple(fc.constant(claims), fc.shuffledSubarray([...claims], { minLength: claims.length })),
        ),
        someLimits,
        ([claims, shuffled], limits) => {
          expect(byName(allocate(shuffled, limits))).toEqual(byName(allocate(claims, limits)));
        },
      ),
      { seed: 4, numRuns: 500 },
    );
  });

  it('repeated, it comes to rest at the shares', () => {
    holds((claims, limits) => {
      let now: readonly Claim[] = claims.map((one) => ({ ...one, draining: 0 }));
      let last = allocate(now, limits);
      for (let round = 0; round < 4; round++) {
        const grants = byName(last);
        now = now.map((one) => ({ ...one, current: grants.get(one.service)?.granted ?? 0 }));
        last = allocate(now, limits);
      }
      const grants = byName(last);
      for (const one of now) expect(grants.get(one.service)?.granted).toBe(one.current);
    });
  });
});
