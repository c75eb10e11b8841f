import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DynamoJobStore } from '../../../lib/jobs/dynamo-job-store.ts';
import { payloadBucket } from '../../../lib/jobs/payload-bucket.ts';
import { settleWorkflow } from '../../../lib/jobs/workflow/settle-workflow.ts';
import { dynamoWorkflowStore } from '../../../lib/jobs/workflow/workflow-store.ts';
import { type JobsTable, startJobsTable } from '../jobs-table.ts';
import { apiWorld, planOf } from './api-world.ts';

let table: JobsTable;
beforeAll(async () => {
  table = await startJobsTable();
});
afterAll(() => table.close());

const worldOf = (queuedJobs = 1000) => {
  const store = new DynamoJobStore({
    dynamo: table.client,
    table: table.name,
    bucket: payloadBucket(undefined, undefined),
  });
  const workflows = dynamoWorkflowStore(table.client, table.name);
  const plan = planOf({ limits: { ...planOf().limits, queuedJobs } });
  return { ...apiWorld(plan, { store, workflows }), store, workflows };
};
const body = (n: number) => ({
  jobs: Array.from({ length: n }, (_, i) => ({ type: 'anything', payload: i })),
  join: { type: 'anything', payload: 'all' },
});

describe('workflows', () => {
  test('a part that somebody cancels counts at once', async () => {
    const { call, sent } = worldOf();
    const { body: accepted } = await call('POST', '/workflows', { body: body(2) });
    for (const { jobId } of sent.slice(0, 2)) await call('POST', `/jobs/${jobId}/cancel`);
    expect((await call('GET', accepted.links.self)).body).toMatchObject({ state: 'joining', failed: 2, percent: 100 });
  });

  test('jobs run side by side, progress is told, and the join job comes when all have ended', async () => {
    const { call, sent, time, parts } = worldOf();
    const { status, body: accepted } = await call('POST', '/workflows', { body: body(4) });
    expect([status, accepted.state, accepted.total, accepted.percent]).toEqual([202, 'running', 4, 0]);
    expect(sent).toHaveLength(4);
    for (const job of sent.slice(0, 3)) {
      time.now += 10;
      await parts.store.apply(job, { kind: 'succeed', at: time.now });
      await settleWorkflow(parts, { ...job, state: 'done' }, time.now);
    }
    const half = await call('GET', accepted.links.self);
    expect(half.body).toMatchObject({
      state: 'running',
      done: 3,
      percent: 75,
      estimatedEndAt: '2026-11-21T10:00:40.000Z',
    });
    await settleWorkflow(parts, { ...sent[3], state: 'failed' } as never, time.now);
    expect((await call('GET', accepted.links.self)).body).toMatchObject({
      state: 'joining',
      done: 3,
      failed: 1,
      percent: 100,
    });
    expect((await call('GET', accepted.links.join)).body).toMatchObject({
      state: 'queued',
      workflowId: accepted.workflowId,
    });
    expect((await call('GET', accepted.links.self, { as: 'bob' })).status).toBe(404);
  });

  test('a key is one workflow; another plan under it is refused', async () => {
    const { call, sent } = worldOf();
    const headers = { 'idempotency-key': 'w' };
    const first = await call('POST', '/workflows', { body: body(2), headers });
    const again = await call('POST', '/workflows', { body: body(2), headers });
    expect(again.body.workflowId).toBe(first.body.workflowId);
    expect(sent).toHaveLength(2);
    expect((await call('POST', '/workflows', { body: body(3), headers })).body.type).toBe(
      'urn:sluice:problem:key-reused',
    );
  });

  test('it starts whole or not at all', async () => {
    const { call, sent } = worldOf(3);
    const bad = await call('POST', '/workflows', { body: { ...body(1), join: { type: 'none' } } });
    expect([bad.status, bad.body.errors[0].path]).toEqual([422, 'body.join.type']);
    expect((await call('POST', '/workflows', { body: body(26) })).status).toBe(413);
    expect((await call('POST', '/workflows', { body: body(20) })).body.type).toBe('urn:sluice:problem:queue-full');
    expect(sent).toEqual([]);
  });
});
