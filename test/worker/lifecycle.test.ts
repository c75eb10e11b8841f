import { describe, expect, it } from 'vitest';
import { PermanentFailure } from '../../lib/worker/handlers/permanent-failure.ts';
import type { BeginVerdict, JobLifecycle, RunningJob } from '../../lib/worker/ports.ts';
import { startWorld, works } from './worker-world.ts';

/** Somebody who keeps records: writes down what he is told, and answers as asked. */
const recorder = (verdict: BeginVerdict = { go: 'run' }) => {
  const told: string[] = [];
  let failing = 0;
  const running: RunningJob[] = [];
  const step = async (text: string): Promise<void> => {
    if (failing > 0) {
      failing -= 1;
      throw new Error('the table is down');
    }
    told.push(text);
  };
  const lifecycle: JobLifecycle = {
    begin: async (job, run) => {
      await step(`begin ${job.id}`);
      running.push(run);
      return verdict;
    },
    succeeded: (job, outcome) => step(`succeeded ${job.id} ${JSON.stringify(outcome)}`),
    failedAttempt: (job, error, seconds) => step(`failed ${job.id} ${error.message} ${seconds > 30}`),
    failedForGood: (job, error, reason) => step(`failed for good ${job.id} ${reason} ${error.message}`),
    released: (job) => step(`released ${job.id}`),
  };
  return {
    lifecycle,
    told,
    running,
    fail: (times: number) => {
      failing = times;
    },
  };
};

describe('the lifecycle of a job', () => {
  it('is told before the handler and before the delete, with what the handler returned', async () => {
    const { lifecycle, told } = recorder();
    const world = await startWorld(
      (clock) => async () => {
        told.push('handler');
        await clock.sleep(1);
        return { result: { pages: 3 }, next: [{ queue: 'export', payload: 'x' }] };
      },
      {},
      { lifecycle },
    );
    world.queue.put('a');
    await world.clock.advance(5);
    expect(told).toEqual([
      'begin a',
      'handler',
      'succeeded a {"result":{"pages":3},"next":[{"queue":"export","payload":"x"}]}',
    ]);
    expect(world.queue.inFlight()).toEqual([]);
  });

  it('hears of failed attempts, and of the last one before the message moves', async () => {
    const { lifecycle, told } = recorder();
    const world = await startWorld(
      () => async () => {
        throw new Error('no');
      },
      { retries: 1 },
      { lifecycle },
    );
    world.queue.put('a');
    await world.clock.advance(500);
    expect(told).toEqual(['begin a', 'failed a no true', 'begin a', 'failed for good a retriesExhausted no']);
    expect(world.queue.dead).toEqual(['a']);
  });

  it.each([
    [{ go: 'skip', because: 'cancelled' }, 'jobSkipped', [], []],
    [{ go: 'later', seconds: 300 }, 'ready', ['a'], []],
    [{ go: 'deadLetter', reason: 'permanent', error: new Error('earlier') }, 'jobFailed', [], ['a']],
  ] as const)('%j: no run', async (verdict, event, hidden, dead) => {
    const { lifecycle } = recorder(verdict);
    let runs = 0;
    const world = await startWorld(
      () => async () => {
        runs += 1;
      },
      {},
      { lifecycle },
    );
    world.queue.put('a');
    await world.clock.advance(5);
    expect(runs).toBe(0);
    expect(world.events()).toContain(event);
    expect(world.queue.inFlight()).toEqual(hidden);
    expect(world.queue.dead).toEqual(dead);
  });

  it('cancels a running job: its signal fires, its message goes, nothing more is told', async () => {
    const { lifecycle, told, running } = recorder();
    const world = await startWorld(works(100), {}, { lifecycle });
    world.queue.put('a');
    await world.clock.advance(5);
    let ended = false;
    void running[0]?.ended.then(() => {
      ended = true;
    });
    running[0]?.cancel('the user asked for it');
    await world.clock.advance(1);
    expect(ended).toBe(true);
    expect(told).toEqual(['begin a']);
    expect([...world.queue.inFlight(), ...world.queue.visible()]).toEqual([]);
    expect(world.lines('jobSkipped')).toMatchObject([{ jobId: 'a', because: 'cancelled' }]);
  });

  it('a record that cannot be begun or ended brings the message back, and counts for nothing', async () => {
    const { lifecycle, told, fail } = recorder();
    const world = await startWorld(works(1), { retries: 0 }, { lifecycle });
    fail(1);
    world.queue.put('a');
    await world.clock.advance(30);
    expect(told).toEqual(['begin a', 'succeeded a {}']);

    world.queue.put('b');
    await world.clock.advance(0.5);
    fail(3);
    await world.clock.advance(60);
    expect(told.slice(2)).toEqual(['begin b', 'begin b', 'succeeded b {}']);
    expect(world.queue.dead).toEqual([]);
  });

  it('may refuse a success for good', async () => {
    const { lifecycle } = recorder();
    const world = await startWorld(
      works(1),
      {},
      {
        lifecycle: {
          ...lifecycle,
          succeeded: async () => {
            throw new PermanentFailure('no queue "exprot"');
          },
        },
      },
    );
    world.queue.put('a');
    await world.clock.advance(5);
    expect(world.queue.dead).toEqual(['a']);
  });

  it('hears of jobs that a drain gives back', async () => {
    const { lifecycle, told } = recorder();
    const world = await startWorld(works(300), {}, { lifecycle });
    world.queue.put('a');
    await world.clock.advance(2);
    world.worker.stop('SIGTERM');
    await world.clock.advance(31);
    expect(told).toEqual(['begin a', 'released a']);
    expect(world.queue.visible()).toEqual(['a']);
  });

  it('next jobs without anybody who could carry them are a failure, not a loss', async () => {
    const world = await startWorld(() => async () => ({ next: [{ queue: 'export', payload: 1 }] }));
    world.queue.put('a');
    await world.clock.advance(5);
    expect(world.queue.dead).toEqual(['a']);
    expect(world.queue.sent[0]?.attributes.dlqError?.StringValue).toMatch(/keeps no job records/);
  });
});
