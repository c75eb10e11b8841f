import { describe, expect, it } from 'vitest';
import { createRandom } from '../../lib/simulate/random.ts';
import { startWorld, type WorkerWorld } from './worker-world.ts';

/**
 * Goal: the numbers for scale-in. Twenty workers on one queue under load; ECS stops nineteen of them as it
 * does: only those that are not protected, and refuses new protection while more tasks are protected than it wants.
 */
describe('scale-in from 20 tasks to 1 under load', () => {
  it.each([1, 2, 3])('interrupts no job, loses none, and leaves the last task working (seed %i)', async (seed) => {
    const random = createRandom(seed);
    const runs = new Map<string, number>();
    let interrupted = 0;
    const worker = (beside?: WorkerWorld) =>
      startWorld(
        (clock) =>
          async (job, { signal }) => {
            await clock.sleep(1 + 9 * random.uniform(), signal);
            if (signal.aborted) interrupted += 1;
            signal.throwIfAborted();
            runs.set(job.id, (runs.get(job.id) ?? 0) + 1);
          },
        { stopTimeoutSeconds: 120 },
        beside === undefined ? {} : { beside },
      );
    const first = await worker();
    const fleet = [first];
    const stopped = new Set<WorkerWorld>();
    while (fleet.length < 20) fleet.push(await worker(first));
    const { clock, queue } = first;

    let sent = 0;
    const stopOneIdle = (): void => {
      const running = fleet.filter((one) => !stopped.has(one));
      const idle = running.find((one) => !one.agent.protectedNow);
      if (running.length > 1 && idle !== undefined) {
        stopped.add(idle);
        idle.worker.stop('SIGTERM');
      }
    };
    for (let second = 0; second < 600; second += 1) {
      // Load for all of them at first, then what one task can carry.
      const rate = second < 60 ? 7 : 0.3;
      while (sent < Math.round(second < 60 ? rate * second : 420 + rate * (second - 60))) {
        queue.put(`job${sent}`);
        sent += 1;
      }
      if (second === 60) for (const one of fleet) one.agent.refuse('blocked');
      const running = fleet.filter((one) => !stopped.has(one));
      if (second > 60) stopOneIdle();
      // ECS grants protection again when no more tasks are protected than it wants.
      if (running.length === 1) running[0]?.agent.refuse(undefined);
      await clock.advance(1);
    }
    await clock.advance(120);
    expect(fleet.filter((one) => !stopped.has(one))).toHaveLength(1);
    expect(interrupted).toBe(0);
    expect([...runs.values()].every((times) => times === 1)).toBe(true);
    expect(runs.size).toBe(sent);
    expect(queue.dead).toEqual([]);
  });
});

describe('the drain of a task', () => {
  it('takes no longer than its longest job or stopTimeout, + 1 s', async () => {
    for (const [longest, stopTimeoutSeconds] of [
      [3, 30],
      [29, 120],
      [119, 120],
      [500, 120],
      [500, 2],
      [5, 5],
    ] as const) {
      const world = await startWorld(
        (clock) =>
          async (job, { signal }) => {
            await clock.sleep(job.id === 'long' ? longest : 1, signal);
            signal.throwIfAborted();
          },
        { stopTimeoutSeconds },
      );
      world.queue.put('long');
      world.queue.put('short');
      await world.clock.advance(0.5);
      const stoppedAt = world.clock.now();
      world.worker.stop('SIGTERM');
      while (!world.ended) await world.clock.advance(0.1);
      expect(world.clock.now() - stoppedAt).toBeLessThanOrEqual(Math.min(longest, stopTimeoutSeconds) + 1);
      expect(world.queue.inFlight()).toEqual([]);
    }
  });
});
