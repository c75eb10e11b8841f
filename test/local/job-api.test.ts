import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newApiKey } from '../../lib/jobs/api/auth/api-key.ts';
import { dynamoApiKeys } from '../../lib/jobs/api/auth/api-keys.ts';
import type { LocalCloud } from '../../lib/local/local-cloud.ts';
import { bootApp, bootMilliseconds } from './boot-app.ts';

/**
 * Goal: the job API as deployed answers on this machine: template → gateway → bundled function → table, bucket and queue.
 * Method: real HTTP against the local cloud; nobody works on the queue.
 */
const functionLines: string[] = [];

let cloud: LocalCloud;
let stop: (() => Promise<void>) | undefined;
let url: string;
const keys: Record<string, string> = {};

beforeAll(async () => {
  ({ cloud, stop } = await bootApp(
    'api',
    { app: new URL('./fixtures/api/app.ts', import.meta.url) },
    { onFunctionLine: (_name, line) => void functionLines.push(line) },
  ));
  url = cloud.httpApis[0]?.url ?? '';
  const table = dynamoApiKeys(cloud.clients.dynamoDb, cloud.resources.tableName('JobsTable'));
  for (const tenant of ['alice', 'bob']) {
    const { text, record } = newApiKey(tenant, Date.now() / 1000);
    keys[tenant] = text;
    await table.put(record);
  }
}, bootMilliseconds);
afterAll(() => stop?.(), bootMilliseconds);

const call = async (method: string, path: string, { as = 'alice', body, headers = {} }: Call = {}) => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(as === undefined ? {} : { authorization: `Bearer ${keys[as]}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text === '' ? undefined : JSON.parse(text) };
};
interface Call {
  readonly as?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

describe('the job API on the local cloud', () => {
  it('answers health without a key, and nothing else', async () => {
    expect((await call('GET', '/health', { as: 'nobody' })).body).toEqual({ status: 'ok', stage: 'api-test' });
    expect((await call('GET', '/jobs?state=queued', { as: 'nobody' })).status).toBe(401);
    expect((await call('GET', '/')).status).toBe(404);
  });

  it('takes a job to its queue with all that the worker must know, and tells its state', async () => {
    const { status, body } = await call('POST', '/jobs', { body: { type: 'convert', payload: { url: 'ü' } } });
    expect([status, body.outcome]).toEqual([202, 'accepted']);
    expect((await call('GET', body.links.self)).body).toMatchObject({ state: 'queued', jobId: body.jobId });
    expect((await call('GET', body.links.self, { as: 'bob' })).status).toBe(404);
    const { Messages = [] } = await cloud.clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: cloud.resources.queueUrl('QueuesconvertJobs'),
        MessageAttributeNames: ['All'],
        VisibilityTimeout: 0,
      }),
    );
    expect(Messages[0]?.Body).toBe('{"url":"ü"}');
    const attributes = Object.entries(Messages[0]?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    expect(Object.fromEntries(attributes)).toMatchObject({ jobId: body.jobId, tenant: 'alice', jobType: 'convert' });
    expect((await call('GET', '/jobs?state=queued')).body.jobs).toHaveLength(1);
  });

  it('keeps a large payload in the bucket, and an upload where it was put', async () => {
    const payload = 'x'.repeat(150_000);
    const large = await call('POST', '/jobs', {
      body: { type: 'convert', payload },
      headers: { 'idempotency-key': 'l' },
    });
    expect(large.status).toBe(202);
    const upload = await call('POST', '/uploads', { body: { bytes: 7 } });
    const put = await fetch(upload.body.url, {
      method: 'PUT',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(put.status).toBe(200);
    const job = await call('POST', '/jobs', { body: { type: 'convert', uploadId: upload.body.uploadId } });
    expect([job.status, job.body.outcome]).toEqual([202, 'accepted']);
  });

  it('collapses, replays, cancels, and refuses above the limit of waiting jobs', async () => {
    const job = (n: number) => ({ body: { type: 'convert', payload: n } });
    const first = await call('POST', '/jobs', job(1));
    expect((await call('POST', '/jobs', job(1))).body).toMatchObject({ outcome: 'same', jobId: first.body.jobId });
    await call('POST', '/jobs', job(2));
    const full = await call('POST', '/jobs', job(3));
    expect([full.status, full.body.type]).toEqual([429, 'urn:sluice:problem:queue-full']);
    expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await call('POST', first.body.links.cancel)).body.state).toBe('cancelled');
    expect((await call('POST', '/jobs', job(3))).status).toBe(202);
  });

  it('allows the pages that are named', async () => {
    const preflight = (origin: string) =>
      fetch(`${url}/jobs`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
    const allowed = await preflight('https://example.com');
    expect([allowed.status, allowed.headers.get('access-control-allow-methods')]).toEqual([204, 'GET,POST']);
    expect((await preflight('https://evil.example')).headers.has('access-control-allow-origin')).toBe(false);
  });

  it('nothing of it is an error in the log', () => {
    expect(functionLines.filter((line) => /"level":"(ERROR|WARN)"/.test(line) && line.includes('sluice-jobs'))).toEqual(
      [],
    );
  });
});
