import { describe, expect, it } from 'vitest';
import { DynamoJobStore } from '../../../lib/jobs/dynamo-job-store.ts';
import { jobLife } from '../../../lib/jobs/job-life.ts';
import { attributesOf, bodyOf } from '../../../lib/jobs/job-sender.ts';
import type { NewJob } from '../../../lib/jobs/job-store.ts';
import { dynamoOnce } from '../../../lib/jobs/once.ts';
import { payloadBucket } from '../../../lib/jobs/payload-bucket.ts';
import { submitJob } from '../../../lib/jobs/submit-job.ts';
import { dynamoWorkflowStore } from '../../../lib/jobs/workflow/workflow-store.ts';
import type { Clock } from '../../../lib/worker/clock.ts';
import { PermanentFailure } from '../../../lib/worker/handlers/permanent-failure.ts';
import type { JobHandler } from '../../../lib/worker/job.ts';
import { onceOf } from '../../../lib/worker/records/once-of.ts';
import { recordLifecycle } from '../../../lib/worker/records/record-lifecycle.ts';
import { MemoryDynamo } from '../../jobs/dynamo/memory-dynamo.ts';
import { startWorld } from '../worker-world.ts';

/** A worker that keeps records, in the virtual world. */
const startRecorded = async (handler: (clock: Clock) => JobHandler) => {
  const dynamo = new MemoryDynamo().client;
  const store = new DynamoJobStore({ dynamo, table: 'jobs', bucket: payloadBucket(undefined, undefined) });
  const later: { clock?: Clock } = {};
  const clock: Clock = {
    now: () => later.clock?.now() ?? 0,
    sleep: (seconds, signal) => later.clock?.sleep(seconds, signal) ?? Promise.resolve(),
  };
  const sender = {
    send: async (record: Parameters<typeof attributesOf>[0]) => {
      const attributes = Object.entries(attributesOf(record)).map(([name, value]) => [name, value.StringValue ?? '']);
      world.queue.put(record.jobId, { body: bodyOf(record.payload), attributes: Object.fromEntries(attributes) });
    },
  };
  const life = jobLife({ store, sender, workflows: dynamoWorkflowStore(dynamo, 'jobs') });
  const world = await startWorld(
    handler,
    {},
    {
      lifecycle: recordLifecycle({ life, store, clock, knownQueues: new Set(['jobs']) }),
      once: onceOf(dynamoOnce(dynamo, 'jobs'), clock),
    },
  );
  later.clock = world.clock;
  const submit = (jobId: string, more: Partial<NewJob> = {}) => {
    const at = world.clock.now();
    const job: NewJob = {
      tenant: 'acme',
      jobId,
      type: 'convert',
      queue: 'jobs',
      payload: '{}',
      submittedAt: at,
      expiresAt: at + 86_400,
      ...more,
    };
    return submitJob(store, sender, job, at);
  };
  return { world, store, submit, record: (jobId: string) => store.get({ tenant: 'acme', jobId }) };
};

describe('a worker with job records', () => {
  it('keeps the result, sends what follows, and is done', async () => {
    const { world, store, submit, record } = await startRecorded(
      () => async (job) =>
        job.type === 'convert'
          ? { result: { pages: 3 }, next: [{ queue: 'jobs', type: 'export', payload: { from: job.id } }] }
          : { result: 'exported' },
    );
    await submit('a');
    await world.clock.advance(5);
    expect(await record('a')).toMatchObject({ state: 'done', attempts: 1, result: { inline: '{"pages":3}' } });
    const { jobs } = await store.list('acme', 'done');
    expect(jobs.map(({ type, parentId }) => [type, parentId])).toContainEqual(['export', 'a']);
    expect(jobs).toHaveLength(2);
    expect(world.queue.inFlight()).toEqual([]);
  });

  it('does a job once that was sent twice', async () => {
    let runs = 0;
    const { world, submit, record } = await startRecorded((clock) => async () => {
      runs += 1;
      await clock.sleep(5);
    });
    await submit('a');
    world.queue.put('second', { attributes: { jobId: 'a', tenant: 'acme', jobType: 'convert' } });
    await world.clock.advance(100);
    expect(runs).toBe(1);
    expect(await record('a')).toMatchObject({ state: 'done', attempts: 1 });
    expect([...world.queue.inFlight(), ...world.queue.visible()]).toEqual([]);
  });

  it('writes down failures, the last of them with its reason', async () => {
    const { world, submit, record } = await startRecorded(() => async (job) => {
      throw job.body === 'never' ? new PermanentFailure('no such file') : new TypeError('not yet');
    });
    await submit('a');
    await submit('b', { payload: 'never' });
    await world.clock.advance(3);
    expect(await record('a')).toMatchObject({ state: 'queued', error: { name: 'TypeError', message: 'not yet' } });
    expect(await record('b')).toMatchObject({ state: 'failed', deadLetterReason: 'permanent' });
    await world.clock.advance(2000);
    expect(await record('a')).toMatchObject({ state: 'failed', deadLetterReason: 'retriesExhausted', attempts: 4 });
    expect(world.queue.sent).toHaveLength(2);
  });

  it('stops a job that is cancelled while it runs, and does not begin one that was before', async () => {
    const ran: string[] = [];
    const { world, store, submit, record } = await startRecorded((clock) => async (job, { signal }) => {
      ran.push(job.id);
      await clock.sleep(600, signal);
    });
    await submit('a');
    await world.clock.advance(1);
    await store.apply({ tenant: 'acme', jobId: 'a' }, { kind: 'cancel', at: 1 });
    await world.clock.advance(11);
    expect(await record('a')).toMatchObject({ state: 'cancelled' });
    expect([...world.queue.inFlight(), ...world.queue.visible()]).toEqual([]);
    await submit('b', { expiresAt: world.clock.now() });
    await world.clock.advance(30);
    expect(await record('b')).toMatchObject({ state: 'expired' });
    expect(ran).toEqual(['a']);
  });

  it('gives a message without a record one', async () => {
    const { world, store } = await startRecorded(() => async () => ({ result: 1 }));
    world.queue.put('from-elsewhere');
    await world.clock.advance(5);
    expect(await store.get({ tenant: '-', jobId: 'from-elsewhere' })).toMatchObject({ state: 'done', attempts: 1 });
  });

  it('refuses a next job for a queue that it may not send to, before it sends anything', async () => {
    const { world, store, submit, record } = await startRecorded(() => async () => ({
      next: [
        { queue: 'jobs', payload: 1 },
        { queue: 'elsewhere', payload: 2 },
      ],
    }));
    await submit('a');
    await world.clock.advance(5);
    expect(await record('a')).toMatchObject({ state: 'failed', deadLetterReason: 'permanent' });
    expect((await record('a'))?.error?.message).toContain('worker.sendsTo');
    expect((await store.list('acme', 'queued')).jobs).toEqual([]);
  });

  it('does what must take effect once, once, though the job is tried again', async () => {
    const charged: string[] = [];
    const given: unknown[] = [];
    const { world, submit, record } = await startRecorded(() => async (job, { once }) => {
      given.push(
        await once('charge', async (key) => {
          charged.push(key);
          return { receipt: 7 };
        }),
      );
      if (job.receiveCount === 1) throw new Error('later');
    });
    await submit('a');
    await world.clock.advance(200);
    expect(charged).toEqual(['acme#a#charge']);
    expect(given).toEqual([{ receipt: 7 }, { receipt: 7 }]);
    expect(await record('a')).toMatchObject({ state: 'done', attempts: 2 });
  });

  it('runs a workflow that a handler returns', async () => {
    const order: string[] = [];
    const { world, store, submit } = await startRecorded(() => async (job) => {
      order.push(job.type ?? '');
      if (job.type !== 'convert') return;
      return {
        workflow: {
          parts: [1, 2, 3].map((payload) => ({ queue: 'jobs', type: 'part', payload })),
          join: { queue: 'jobs', type: 'join', payload: 'all' },
        },
      };
    });
    await submit('a');
    await world.clock.advance(30);
    expect(order).toEqual(['convert', 'part', 'part', 'part', 'join']);
    expect((await store.list('acme', 'done')).jobs).toHaveLength(5);
  });
});
