import { describe, expect, it } from 'vitest';
import { CircuitOpen, createDownstream, type DownstreamOptions } from '../../lib/worker/downstream/downstream.ts';
import { createVirtualClock, settled } from './virtual-clock.ts';
import { startWorld } from './worker-world.ts';

const setUp = (options: DownstreamOptions = {}) => {
  const clock = createVirtualClock();
  const api = createDownstream('api', options, clock).runFor(new AbortController().signal);
  const fails = () => api.run(() => Promise.reject(new Error('500')));
  const works = () => api.run(async () => 'ok');
  return { clock, api, fails, works };
};

describe('a downstream', () => {
  it('has pools of 10, 50 and 5: a full one makes its own calls wait and no others', async () => {
    const { clock, api } = setUp();
    const begun: Record<string, number> = {};
    for (const pool of ['critical', 'regular', 'monitoring'])
      for (let i = 0; i < 100; i += 1)
        void api.run(
          () => {
            begun[pool] = (begun[pool] ?? 0) + 1;
            return clock.sleep(10);
          },
          { pool },
        );
    await settled();
    expect(begun).toEqual({ critical: 10, regular: 50, monitoring: 5 });
    await clock.advance(10);
    expect(begun).toEqual({ critical: 20, regular: 100, monitoring: 10 });
    await expect(api.run(async () => 1, { pool: 'urgent' })).rejects.toThrow(/no pool urgent; it has critical/);
  });

  it('is left alone after 5 failures in a row: 30 s, then 3 probes, and 60 s when one fails', async () => {
    const { clock, api, fails, works } = setUp();
    for (let i = 0; i < 5; i += 1) await expect(fails()).rejects.toThrow('500');
    expect(api.state).toBe('open');
    await expect(works()).rejects.toThrow(CircuitOpen);

    await clock.advance(30);
    expect(api.state).toBe('halfOpen');
    await expect(fails()).rejects.toThrow('500');
    await clock.advance(59);
    await expect(works()).rejects.toThrow(CircuitOpen);
    await clock.advance(1);
    for (let i = 0; i < 3; i += 1) expect(await works()).toBe('ok');
    expect(api.state).toBe('closed');
  });

  it('lets those who wait in a pool not run into it when it fails meanwhile', async () => {
    const { clock, api } = setUp({ pools: { regular: 5 } });
    let calls = 0;
    const all = Array.from({ length: 20 }, () =>
      api.run(async () => {
        calls += 1;
        await clock.sleep(1);
        throw new Error('500');
      }),
    );
    const outcomes = Promise.allSettled(all);
    await clock.advance(2);
    await outcomes;
    expect(calls).toBeLessThan(10);
  });

  it('may be told which errors are none of its faults, and calls we broke off are none either', async () => {
    const clock = createVirtualClock();
    const notFound = new Error('404');
    const shared = createDownstream('api', { isFailure: (error) => error !== notFound }, clock);
    for (let i = 0; i < 9; i += 1) {
      await expect(shared.runFor(new AbortController().signal).run(() => Promise.reject(notFound))).rejects.toThrow(
        '404',
      );
      const cut = new AbortController();
      const broken = shared.runFor(cut.signal).run(async (signal) => {
        await clock.sleep(5, signal);
        throw new Error('aborted');
      });
      cut.abort();
      await expect(broken).rejects.toThrow();
    }
    expect(shared.runFor(new AbortController().signal).state).toBe('closed');
  });

  it('is called no faster than its rate, with the burst after a pause', async () => {
    const { clock, api } = setUp({ ratePerSecond: 10, burst: 5 });
    let begun = 0;
    for (let i = 0; i < 40; i += 1)
      void api.run(async () => {
        begun += 1;
      });
    await clock.advance(0);
    expect(begun).toBe(5);
    await clock.advance(1);
    expect(begun).toBe(15);
    await clock.advance(2.5);
    expect(begun).toBe(40);
  });

  it('that is open brings jobs back later, without counting against them', async () => {
    let ill = true;
    const world = await startWorld(
      () =>
        (_job, { downstream }) =>
          downstream('api').run(async () => {
            if (ill) throw new Error('500');
          }),
      { retries: 0, concurrency: 1 },
    );
    for (let i = 0; i < 10; i += 1) world.queue.put(`j${i}`);
    await world.clock.advance(10);
    expect(world.queue.dead).toHaveLength(5); // Those whose own call failed, without a retry left.
    expect(world.lines('jobPutOff')).toHaveLength(5);
    ill = false;
    await world.clock.advance(120);
    expect(world.jobLines().filter((line) => line.outcome === 'done')).toHaveLength(5);
  });
});
