import { describe, expect, it } from 'vitest';
import { DynamoJobStore } from '../../../lib/jobs/dynamo-job-store.ts';
import type { NewJob } from '../../../lib/jobs/job-store.ts';
import { payloadBucket } from '../../../lib/jobs/payload-bucket.ts';
import { submitJob } from '../../../lib/jobs/submit-job.ts';
import { auditJobs, jobItems, type QueueLoad } from '../../../lib/jobs/upkeep/audit.ts';
import { sweep } from '../../../lib/jobs/upkeep/sweep.ts';
import { startWorkflow } from '../../../lib/jobs/workflow/start-workflow.ts';
import { partId } from '../../../lib/jobs/workflow/workflow.ts';
import { dynamoWorkflowStore } from '../../../lib/jobs/workflow/workflow-store.ts';
import type { JobRecord } from '../../../lib/model/job-record.ts';
import { MemoryDynamo } from '../dynamo/memory-dynamo.ts';

const world = () => {
  const memory = new MemoryDynamo();
  const dynamo = memory.client;
  const store = new DynamoJobStore({ dynamo, table: 'jobs', bucket: payloadBucket(undefined, undefined) });
  const sent: string[] = [];
  const sender = {
    send: async (record: JobRecord) => {
      sent.push(record.jobId);
    },
  };
  const parts = { store, sender, workflows: dynamoWorkflowStore(dynamo, 'jobs') };
  const job = (jobId: string, more: Partial<NewJob> = {}): NewJob => ({
    tenant: 'acme',
    jobId,
    type: 'convert',
    queue: 'convert',
    payload: '{}',
    submittedAt: 1000,
    expiresAt: 1000 + 86_400,
    ...more,
  });
  const ref = (jobId: string) => ({ tenant: 'acme', jobId });
  const audit = (now: number, loads: Readonly<Record<string, QueueLoad>> = {}) =>
    auditJobs(jobItems(dynamo, 'jobs'), loads, now);
  return { memory, store, parts, sent, job, ref, audit };
};

describe('the sweeper', () => {
  it('sends what was accepted and never sent, once it is old enough, and once', async () => {
    const { store, parts, sent, job, ref } = world();
    await store.accept(job('lost'));
    await submitJob(store, parts.sender, job('sent'), 1000);
    expect(await sweep(parts, 1100)).toMatchObject({ resent: 0, queued: { convert: 2 } });
    expect(await sweep(parts, 1120)).toMatchObject({ resent: 1 });
    expect(await sweep(parts, 1130)).toMatchObject({ resent: 0 });
    expect(sent).toEqual(['sent', 'lost']);
    expect(await store.get(ref('lost'))).toMatchObject({ state: 'queued', sentAt: 1120 });
  });

  it('expires what never began in time, and leaves alone what is tried again', async () => {
    const { store, parts, job, ref } = world();
    await store.accept(job('a', { expiresAt: 1010 }));
    await store.accept(job('b', { expiresAt: 1010 }));
    await store.apply(ref('b'), { kind: 'begin', at: 1001, messageId: 'm', messageSentAt: 1000 });
    await store.apply(ref('b'), { kind: 'retry', at: 1002 });
    expect(await sweep(parts, 1010)).toMatchObject({ expired: 1 });
    expect(await store.get(ref('a'))).toMatchObject({ state: 'expired', finishedAt: 1010 });
    expect(await store.get(ref('b'))).toMatchObject({ state: 'queued' });
  });

  it('mends the counter', async () => {
    const { store, parts, job } = world();
    await store.accept(job('a'));
    await store.mendBacklog('convert', 17);
    await sweep(parts, 1001);
    expect(await store.backlog('convert')).toBe(1);
  });

  it('goes on with a workflow whose starter died, and starts a join that nobody started', async () => {
    const { store, parts, sent } = world();
    const plan = {
      parts: [0, 1].map((i) => ({ queue: 'convert', type: 'part', payload: String(i) })),
      join: { queue: 'convert', type: 'join', payload: '' },
      expiresAt: 90_000,
    };
    const flow = { tenant: 'acme', workflowId: 'flow' };
    let calls = 0;
    const dying = {
      ...parts,
      sender: {
        send: async (record: JobRecord) => {
          calls += 1;
          if (calls === 2) throw new Error('dead');
          await parts.sender.send(record);
        },
      },
    };
    await expect(startWorkflow(dying, flow, plan, 1000)).rejects.toThrow('dead');
    await sweep(parts, 1300);
    expect(new Set(sent)).toEqual(new Set([0, 1].map((i) => partId('flow', i))));
    expect(await parts.workflows.get(flow)).toMatchObject({ state: 'running' });
    for (const i of [0, 1]) {
      await store.apply({ tenant: 'acme', jobId: partId('flow', i) }, { kind: 'cancel', at: 1301 });
      await parts.workflows.countPart(flow, i, 'failed');
    }
    expect(await sweep(parts, 1302)).toMatchObject({ workflows: 1 });
    expect(await parts.workflows.get(flow)).toMatchObject({ state: 'joining', failed: 2 });
  });

  it('may come twice at once', async () => {
    const { store, parts, job } = world();
    for (const id of ['a', 'b', 'c']) await store.accept(job(id, { expiresAt: 1010 }));
    const swept = await Promise.all([sweep(parts, 1010), sweep(parts, 1010), sweep(parts, 1010)]);
    expect(swept.reduce((sum, { expired }) => sum + expired, 0)).toBe(3);
    expect(await store.backlog('convert')).toBe(0);
  });
});

describe('the audit', () => {
  it('counts every job in one state, and finds nothing where nothing is wrong', async () => {
    const { store, parts, job, ref, audit } = world();
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await submitJob(store, parts.sender, job(id), 1000);
    for (const id of ['b', 'c', 'd']) {
      await store.apply(ref(id), { kind: 'begin', at: 1001, messageId: id, messageSentAt: 1000 });
    }
    await store.apply(ref('c'), { kind: 'succeed', at: 1002 });
    await store.apply(ref('d'), { kind: 'fail', at: 1002, error: { name: 'E', message: 'm' }, reason: 'permanent' });
    await store.apply(ref('e'), { kind: 'cancel', at: 1002 });
    await store.apply(ref('f'), { kind: 'expire', at: 1_000_000 });
    const report = await audit(1200, { convert: { messages: 2, deadLetters: 1 } });
    expect(report.states).toEqual({ queued: 1, running: 1, done: 1, failed: 1, expired: 1, cancelled: 1 });
    expect(report).toMatchObject({ jobs: 6, contradictions: [], more: 0, notes: [] });
  });

  it('sees a job whose message is gone', async () => {
    const { store, parts, job, audit } = world();
    await submitJob(store, parts.sender, job('a'), 1000);
    expect((await audit(1030, { convert: { messages: 0, deadLetters: 0 } })).contradictions).toEqual([]);
    const { contradictions } = await audit(1100, { convert: { messages: 0, deadLetters: 0 } });
    expect(contradictions.map(({ code }) => code)).toEqual(['messagesMissing']);
    expect((await audit(1100, { convert: { messages: 0, deadLetters: 1 } })).contradictions).toEqual([]);
  });

  it('sees that the sweeper does not run', async () => {
    const { store, job, audit } = world();
    await store.accept(job('a', { expiresAt: 2000 }));
    expect((await audit(1500)).contradictions).toEqual([]);
    expect((await audit(3000)).contradictions.map(({ code }) => code)).toEqual(['neverSent', 'overdue']);
  });

  it.each([
    ['badState', { state: { S: 'sleeping' } }],
    ['indexDiffers', { tenantState: { S: 'acme#done' } }],
    ['openButEnded', { finishedAt: { N: '1001' } }],
    ['endedWithoutTime', { state: { S: 'done' }, tenantState: { S: 'acme#done' } }],
    ['begunWithoutAttempt', { state: { S: 'running' }, tenantState: { S: 'acme#running' } }],
    ['failedWithoutReason', { state: { S: 'failed' }, tenantState: { S: 'acme#failed' }, finishedAt: { N: '1001' } }],
  ])('sees %s in a record that somebody wrote by hand', async (code, change) => {
    const { memory, store, parts, job, ref, audit } = world();
    await submitJob(store, parts.sender, job('a'), 1000);
    const Key = { pk: { S: 'JOB#acme#a' }, sk: { S: 'JOB' } };
    const { Item } = memory.call('GetItem', { Key }) as { readonly Item: object };
    memory.call('PutItem', { Item: { ...Item, ...change } });
    const { contradictions } = await audit(1010);
    expect(contradictions).toEqual([expect.objectContaining({ code, jobId: ref('a').jobId, queue: 'convert' })]);
  });

  it('lists a hundred and counts the rest', async () => {
    const { store, job, audit } = world();
    for (let i = 0; i < 130; i += 1) await store.accept(job(`j${i}`));
    const report = await audit(10_000);
    expect([report.contradictions.length, report.more]).toEqual([100, 30]);
  });
});
