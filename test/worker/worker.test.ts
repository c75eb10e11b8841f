import { describe, expect, it } from 'vitest';
import { startWorld, works } from './worker-world.ts';

describe('a worker', () => {
  it('works on as many jobs at a time as it has slots, and deletes what is done', async () => {
    const { clock, queue, jobLines } = await startWorld(works(4), { concurrency: 2 });
    for (const id of ['a', 'b', 'c']) queue.put(id);

    await clock.advance(1);
    expect(queue.inFlight()).toEqual(['a', 'b']);
    expect(queue.visible()).toEqual(['c']);

    await clock.advance(4);
    expect(queue.inFlight()).toEqual(['c']);

    await clock.advance(4);
    expect([...queue.visible(), ...queue.inFlight()]).toEqual([]);
    expect(jobLines().map((line) => [line.jobId, line.outcome])).toEqual([
      ['a', 'done'],
      ['b', 'done'],
      ['c', 'done'],
    ]);
  });

  it('writes one line per finished job, in the agreed form', async () => {
    const world = await startWorld(works(4), { concurrency: 1 });
    const sentAt = world.clock.now();
    world.queue.put('a');
    world.queue.put('b');
    await world.clock.advance(30);

    const [first, second] = world.jobLines();
    expect(first).toEqual({
      sluice: 'job',
      service: 'convert',
      queue: 'jobs',
      jobId: 'a',
      sentAt,
      startedAt: expect.any(Number),
      waitSeconds: expect.closeTo(0.07, 1),
      serviceSeconds: expect.closeTo(4, 5),
      late: false,
      outcome: 'done',
      receiveCount: 1,
    });
    expect(second?.waitSeconds).toBeCloseTo(4.1, 0);
  });

  it('asks for no more than its free slots while others run', async () => {
    const { clock, queue } = await startWorld(works(100), { concurrency: 3 });
    queue.put('a');
    await clock.advance(1);
    for (const id of ['b', 'c', 'd']) queue.put(id);
    await clock.advance(1);
    expect(queue.inFlight()).toEqual(['a', 'b', 'c']);
    expect(queue.visible()).toEqual(['d']);
    // All slots busy: nobody polls.
    expect(queue.openPolls).toBe(0);
  });

  it('keeps a long job hidden for as long as it runs, and no longer', async () => {
    const { clock, queue } = await startWorld(works(600));
    queue.put('long');
    for (let minute = 0; minute < 9; minute += 1) {
      await clock.advance(60);
      expect(queue.receiveCount('long')).toBe(1);
      expect(queue.hiddenSeconds('long')).toBeGreaterThan(15);
      expect(queue.hiddenSeconds('long')).toBeLessThanOrEqual(30);
    }
    await clock.advance(70);
    expect(queue.inFlight()).toEqual([]);
  });

  it('says nothing more of a job that has ended: no extension, no loss', async () => {
    const { clock, queue, events } = await startWorld(works(15));
    queue.put('a');
    await clock.advance(120);
    expect(events().filter((event) => event !== 'protected' && event !== 'unprotected')).toEqual(['ready', 'job']);
  });

  it('gives a failed job back with a growing pause, until the dead-letter queue takes it', async () => {
    const { clock, queue, jobLines, totals } = await startWorld(
      () => async () => {
        throw new Error('broken file');
      },
      { retrySeconds: 60 },
      { maxReceiveCount: 2 },
    );
    queue.put('bad');
    await clock.advance(1);
    expect(queue.hiddenSeconds('bad')).toBeGreaterThan(40);
    expect(queue.hiddenSeconds('bad')).toBeLessThan(76);

    await clock.advance(76);
    expect(queue.receiveCount('bad')).toBe(2);
    expect(queue.hiddenSeconds('bad')).toBeGreaterThan(60);

    await clock.advance(200);
    expect(queue.dead).toEqual(['bad']);
    expect(jobLines().map((line) => [line.outcome, line.receiveCount])).toEqual([
      ['failed', 1],
      ['failed', 2],
    ]);
    // Two tries, one job: it started once, and in time.
    expect(totals()).toMatchObject({ started: 1, failed: 2, w_jobs_0: 1 });
    expect(totals().late).toBeUndefined();
    expect(jobLines()[1]?.late).toBe(false);
  });

  it('fires the signal of a job whose message was lost, and neither counts nor deletes it', async () => {
    const world = await startWorld(works(100));
    world.queue.put('a');
    await world.clock.advance(1);
    world.queue.failNext('changeVisibility', 100, Object.assign(new Error('down'), {}));
    await world.clock.advance(35); // The visibility runs out while SQS refuses every extension ...
    expect(world.queue.receiveCount('a')).toBe(2); // ... and our own second slot gets the job again.
    world.queue.failNext('changeVisibility', 0);
    await world.clock.advance(10);

    expect(world.events()).toContain('jobLost');
    expect(world.jobLines()).toEqual([]);
    await world.clock.advance(110);
    expect(world.jobLines().map((line) => [line.outcome, line.receiveCount])).toEqual([['done', 2]]);
  });

  it('survives a queue that cannot be read, and goes on when it can', async () => {
    const { clock, queue, events, jobLines } = await startWorld(works(1));
    await clock.advance(21);
    queue.failNext('receive', 6);
    await clock.advance(20);
    queue.put('a');
    await clock.advance(60);
    expect(events().filter((event) => event === 'receiveFailed')).toHaveLength(6);
    expect(jobLines()).toHaveLength(1);
  });

  it('deletes later what it could not delete at once', async () => {
    const { clock, queue } = await startWorld(works(1));
    queue.failNext('delete', 3);
    queue.put('a');
    await clock.advance(10);
    expect([...queue.visible(), ...queue.inFlight()]).toEqual([]);
  });

  it('serves the urgent queue first, and still never starves the other', async () => {
    const started: string[] = [];
    const { clock, queue } = await startWorld(
      (clock) => async (job) => {
        started.push(job.queue);
        await clock.sleep(1);
      },
      {
        concurrency: 1,
        queues: [
          { name: 'bulk', url: 'queue://bulk', startWithinSeconds: 600, fifo: false },
          { name: 'urgent', url: 'queue://urgent', startWithinSeconds: 20, fifo: false },
        ],
      },
    );
    for (let i = 0; i < 40; i += 1) {
      queue.put(`u${i}`, { url: 'queue://urgent' });
      queue.put(`b${i}`, { url: 'queue://bulk' });
    }
    await clock.advance(20);
    const urgent = started.filter((name) => name === 'urgent').length;
    expect(urgent / started.length).toBeGreaterThan(0.65);
    expect(urgent / started.length).toBeLessThan(0.85);
  });
});

describe('protection', () => {
  it('is there before a handler starts, and never on an idle worker', async () => {
    const seen: boolean[] = [];
    const world = await startWorld((clock) => async () => {
      seen.push(world.agent.protectedNow);
      await clock.sleep(3);
      seen.push(world.agent.protectedNow);
    });
    await world.clock.advance(40); // Two idle long polls.
    expect(world.agent.calls).toBe(0);

    world.queue.put('a');
    await world.clock.advance(4);
    expect(seen).toEqual([true, true]);

    await world.clock.advance(6);
    expect(world.agent.protectedNow).toBe(false);
    expect(world.agent.calls).toBe(2);
  });

  it('stays on between the jobs of a trickle', async () => {
    const { clock, queue, agent } = await startWorld(works(0.5));
    for (let i = 0; i < 20; i += 1) {
      queue.put(`job${i}`);
      await clock.advance(3);
      expect(agent.protectedNow).toBe(true);
    }
    expect(agent.calls).toBe(1);
  });

  it('is renewed while a long job runs', async () => {
    const { clock, queue, agent } = await startWorld(works(3600), { protectionExpiryMinutes: 10 });
    queue.put('long');
    await clock.advance(1);
    for (let minute = 0; minute < 59; minute += 1) {
      await clock.advance(60);
      expect(agent.protectedNow).toBe(true);
    }
    expect(agent.calls).toBe(12);
  });

  it.each(['blocked', 'failed'] as const)(
    '%s: gives the messages back and takes none until it is granted',
    async (because) => {
      const { clock, queue, agent, jobLines } = await startWorld(works(1));
      agent.refuse(because);
      queue.put('a');
      await clock.advance(0.5);
      expect(queue.visible()).toEqual(['a']); // At once, for another task.
      expect(queue.receiveCount('a')).toBe(1);
      await clock.advance(120);
      expect(queue.receiveCount('a')).toBe(1);

      agent.refuse(undefined);
      await clock.advance(70);
      expect(jobLines()).toHaveLength(1);
      await clock.advance(10);
      expect(agent.protectedNow).toBe(false);
    },
  );
});

describe('the drain', () => {
  it('stops receiving at once, lets jobs finish, drops protection and sends the last beat', async () => {
    const world = await startWorld(works(8), { stopTimeoutSeconds: 30 });
    world.queue.put('a');
    await world.clock.advance(2);
    world.worker.stop('SIGTERM');
    world.queue.put('late');
    await world.clock.advance(3);
    expect(world.queue.visible()).toEqual(['late']);
    expect(world.ended).toBe(false);

    await world.clock.advance(4);
    expect(world.ended).toBe(true);
    expect(world.jobLines().map((line) => line.outcome)).toEqual(['done']);
    expect(world.queue.inFlight()).toEqual([]);
    expect(world.agent.protectedNow).toBe(false);
    expect(world.totals()).toMatchObject({ started: 1, completed: 1 });
  });

  it('ends an idle worker at once, out of its long poll', async () => {
    const world = await startWorld(works(1));
    await world.clock.advance(7);
    expect(world.queue.openPolls).toBe(1);
    world.worker.stop('SIGTERM');
    await world.clock.advance(0);
    expect(world.ended).toBe(true);
    expect(world.queue.openPolls).toBe(0);
  });

  it.each([true, false])(
    'gives back what cannot finish, before SIGKILL (handler heeds its signal: %s)',
    async (heeds) => {
      const world = await startWorld(works(300, heeds), { stopTimeoutSeconds: 30 });
      world.queue.put('a');
      await world.clock.advance(2);
      world.worker.stop('SIGTERM');
      await world.clock.advance(26);
      expect(world.queue.inFlight()).toEqual(['a']);

      await world.clock.advance(2);
      expect(world.ended).toBe(true);
      expect(world.queue.visible()).toEqual(['a']);
      expect(world.jobLines()).toEqual([]);
      expect(world.events()).toContain('jobReleased');
      await world.clock.advance(400);
      expect(world.totals()).not.toHaveProperty('completed');
    },
  );

  it('ends in time although AWS does not answer', async () => {
    const world = await startWorld(works(300), { stopTimeoutSeconds: 30 });
    world.queue.put('a');
    await world.clock.advance(2);
    world.queue.failNext('changeVisibility', 1000);
    world.worker.stop('SIGTERM');
    await world.clock.advance(30);
    expect(world.ended).toBe(true);
  });
});

describe('the beacon', () => {
  it('adds up what was done, busy time also of jobs that still run', async () => {
    const world = await startWorld(works(25), { concurrency: 2, beatSeconds: 10 });
    world.queue.put('a');
    world.queue.put('b');
    await world.clock.advance(21);
    expect(world.totals()).toMatchObject({ started: 2, ready: 1, readyDelayMs: 3000 });
    expect(world.totals().busySlotMs).toBeGreaterThan(18_000);

    await world.clock.advance(40);
    const totals = world.totals();
    expect(totals).toMatchObject({ started: 2, completed: 2, w_jobs_0: 2 });
    expect(totals.serviceMs).toBe(50_000);
    expect(Math.abs((totals.busySlotMs ?? 0) - 50_000)).toBeLessThan(100);
  });

  it('is silent when there is nothing to add, and never more often than agreed', async () => {
    const world = await startWorld(works(1), { beatSeconds: 10 });
    await world.clock.advance(3600);
    expect(world.beats).toHaveLength(1); // That it is ready.

    for (let i = 0; i < 100; i += 1) {
      world.queue.put(`job${i}`);
      await world.clock.advance(2);
    }
    const gaps = world.beats.slice(1).map((beat, i) => beat.at - (world.beats[i]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10);
  });

  it('brings a refused beat again, and drops one whose outcome is unknown', async () => {
    const world = await startWorld(works(1), { beatSeconds: 10 });
    world.answerBeats('refused');
    world.queue.put('a');
    await world.clock.advance(15);
    world.answerBeats('applied');
    await world.clock.advance(15);
    expect(world.totals()).toMatchObject({ started: 1, completed: 1 });

    world.answerBeats('unknown', true); // Applied, but the answer did not arrive.
    world.queue.put('b');
    await world.clock.advance(15);
    world.answerBeats('applied');
    await world.clock.advance(30);
    expect(world.totals()).toMatchObject({ started: 2, completed: 2, busySlotMs: expect.any(Number) });
  });

  it('counts a job that waited too long as late, in its bin', async () => {
    const world = await startWorld(works(12), { concurrency: 1 });
    world.queue.put('a');
    world.queue.put('b');
    await world.clock.advance(60);
    expect(world.totals()).toMatchObject({ started: 2, late: 1, w_jobs_0: 1, w_jobs_5: 1 });
  });
});
