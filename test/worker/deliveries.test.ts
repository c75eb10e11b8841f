import { describe, expect, it } from 'vitest';
import { PermanentFailure } from '../../lib/worker/handlers/permanent-failure.ts';
import type { JobHandler } from '../../lib/worker/job.ts';
import { fakeUrl } from './fake-queue.ts';
import { startWorld, type WorkerWorld, works } from './worker-world.ts';

const throws =
  (error: Error): (() => JobHandler) =>
  () =>
  async () => {
    throw error;
  };
/** A worker that receives a message and dies with it. */
const diesWith = async ({ clock, queue }: WorkerWorld): Promise<void> => {
  await queue.receive(fakeUrl, { max: 1, waitSeconds: 0, visibilitySeconds: 30 }, new AbortController().signal);
  await clock.advance(0);
};
/** Stops a worker, so that the test can have the queue for itself. */
const stopped = async (world: WorkerWorld): Promise<void> => {
  world.worker.stop('the test');
  await world.clock.advance(1);
};

describe('a job that fails', () => {
  it('gets 1 + 3 deliveries 60, 120 and 240 s apart, then the dead-letter queue with the last error', async () => {
    const world = await startWorld(throws(new Error('broken file')));
    world.queue.put('bad', { attributes: { customer: 'acme' } });
    await world.clock.advance(1000);

    const starts = world.jobLines().map((line) => line.startedAt);
    const gaps = starts.slice(1).map((at, i) => (at - (starts[i] ?? 0)) / (60 * 2 ** i));
    expect(gaps).toHaveLength(3);
    for (const gap of gaps) expect(Math.abs(gap - 1)).toBeLessThan(0.3);
    expect(world.jobLines().map((line) => line.deadLetterReason)).toEqual([
      undefined,
      undefined,
      undefined,
      'retriesExhausted',
    ]);
    expect(world.queue.sent).toEqual([
      {
        url: 'queue://dead',
        body: '{}',
        attributes: {
          jobId: { DataType: 'String', StringValue: 'bad' },
          customer: { DataType: 'String', StringValue: 'acme' },
          dlqReason: { DataType: 'String', StringValue: 'retriesExhausted' },
          dlqError: { DataType: 'String', StringValue: 'Error: broken file' },
          dlqQueue: { DataType: 'String', StringValue: 'jobs' },
        },
        deduplicationId: 'id-bad',
      },
    ]);
    expect([...world.queue.visible(), ...world.queue.inFlight()]).toEqual([]);
  });

  it('for good goes at once', async () => {
    const world = await startWorld(throws(new PermanentFailure('no such customer')));
    world.queue.put('bad');
    await world.clock.advance(1);
    expect(world.queue.dead).toEqual(['bad']);
    expect(world.queue.sent[0]?.attributes.dlqReason?.StringValue).toBe('permanent');
    expect(world.jobLines()).toHaveLength(1);
  });

  it('stays in its queue while it cannot be moved, and is moved later', async () => {
    const world = await startWorld(throws(new PermanentFailure('no')));
    world.queue.failNext('send', 5);
    world.queue.put('bad');
    await world.clock.advance(2);
    expect(world.queue.dead).toEqual([]);
    await world.clock.advance(600);
    expect(world.queue.dead).toEqual(['bad']);
  });

  it('is left to the policy of its queue where no dead-letter queue is known', async () => {
    const queues = [{ name: 'jobs', url: fakeUrl, startWithinSeconds: 10, fifo: false }];
    const world = await startWorld(throws(new PermanentFailure('no')), { queues }, { maxReceiveCount: 2 });
    world.queue.put('bad');
    await world.clock.advance(1000);
    expect(world.queue.sent).toEqual([]);
    expect(world.queue.dead).toEqual(['bad']);
    expect(world.events()).toContain('noDeadLetterQueue');
  });
});

describe('a poison job', () => {
  it('goes to the dead-letter queue after two deliveries whose worker died, and is not run again', async () => {
    const first = await startWorld(works(1));
    await stopped(first);
    first.queue.put('poison');
    await diesWith(first);
    await first.clock.advance(31);
    await diesWith(first);
    await first.clock.advance(31);

    let runs = 0;
    const second = await startWorld(
      () => async () => {
        runs += 1;
      },
      {},
      { beside: first },
    );
    await second.clock.advance(5);
    expect(runs).toBe(0);
    expect(second.queue.dead).toEqual(['poison']);
    expect(second.queue.sent[0]?.attributes.dlqReason?.StringValue).toBe('poison');
  });

  it('is not one that failed twice, was given back by a drain, and lost one worker', async () => {
    let failuresLeft = 2;
    const first = await startWorld(
      (clock) =>
        async (_job, { signal }) => {
          failuresLeft -= 1;
          if (failuresLeft >= 0) throw new Error('not yet');
          await clock.sleep(1000, signal);
          signal.throwIfAborted();
        },
      { stopTimeoutSeconds: 10 },
    );
    first.queue.put('a');
    await first.clock.advance(300); // Two failures, and the third try is under way.
    first.worker.stop('SIGTERM');
    await first.clock.advance(10);
    expect(first.queue.visible()).toEqual(['a']);
    await diesWith(first);
    await first.clock.advance(31);

    const second = await startWorld(works(1), {}, { beside: first });
    await second.clock.advance(5);
    expect(second.jobLines().map((line) => [line.outcome, line.receiveCount])).toEqual([['done', 5]]);
  });

  it('two time-outs are enough, and the second one moves it at once', async () => {
    const world = await startWorld(works(1000), { deadlineSeconds: 20 });
    world.queue.put('slow');
    await world.clock.advance(25);
    expect(world.queue.dead).toEqual([]);
    expect(world.queue.hiddenSeconds('slow')).toBeGreaterThan(30);
    await world.clock.advance(120);
    expect(world.queue.dead).toEqual(['slow']);
    expect(world.queue.sent[0]?.attributes.dlqError?.StringValue).toMatch(/did not end within its 20 s/);
    expect(world.jobLines().map((line) => line.serviceSeconds)).toEqual([20, 20].map((s) => expect.closeTo(s, 3)));
  });

  it('a message that was given back unbegun, many times, is none', async () => {
    const world = await startWorld(works(1));
    world.agent.refuse('blocked');
    world.queue.put('a');
    await world.clock.advance(0.5);
    for (let i = 0; i < 4; i += 1) {
      const other = await startWorld(works(1), {}, { beside: world });
      other.agent.refuse('blocked');
      await world.clock.advance(0.5);
    }
    expect(world.queue.receiveCount('a')).toBe(5);
    expect(world.queue.visible()).toEqual(['a']);
    world.agent.refuse(undefined);
    await world.clock.advance(120);
    expect(world.jobLines().map((line) => [line.outcome, line.receiveCount])).toEqual([['done', 6]]);
    // Its first start, though not its first receive.
    expect(world.totals()).toMatchObject({ started: 1 });
  });

  it('is not told from a failing job without a memory, or while that is down', async () => {
    const world = await startWorld(works(1));
    await stopped(world);
    world.marks.fail(true);
    world.queue.put('a');
    for (let i = 0; i < 3; i += 1) {
      await diesWith(world);
      await world.clock.advance(31);
    }
    const next = await startWorld(works(1), {}, { beside: world });
    await next.clock.advance(5);
    expect(next.jobLines().map((line) => line.outcome)).toEqual(['done']);
    expect(next.events()).toContain('marksFailed');
  });
});

describe('a deadline', () => {
  it('fires the signal; a handler that ignores it is abandoned, and its slot goes on', async () => {
    const world = await startWorld(works(100_000, false), { deadlineSeconds: 10, concurrency: 1 });
    world.queue.put('deaf');
    world.queue.put('next');
    await world.clock.advance(11);
    expect(world.queue.visible()).toEqual(['next']);
    await world.clock.advance(31);
    expect(world.events()).toContain('jobAbandoned');
    expect(world.queue.inFlight()).toContain('next');
  });

  it('costs a job that ends in time nothing', async () => {
    const world = await startWorld(works(5), { deadlineSeconds: 10 });
    world.queue.put('a');
    await world.clock.advance(60);
    expect(world.jobLines().map((line) => line.outcome)).toEqual(['done']);
    expect(world.marks.calls).toBe(0);
  });
});
