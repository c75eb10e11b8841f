import { describe, expect, test } from 'vitest';
import { createJobApi } from '../../lib/jobs/api/job-api.ts';
import { JobClient } from '../../lib/jobs/client/job-client.ts';
import { apiWorld, planOf } from './api/api-world.ts';

/** The client against the API in memory; `answers` go first, one a request. */
const clientOf = (answers: (Response | 'no answer')[] = [], queuedJobs = 1000) => {
  const world = apiWorld(planOf({ limits: { ...planOf().limits, queuedJobs } }));
  const api = createJobApi(world.parts);
  const requests: Request[] = [];
  const client = new JobClient({
    url: 'https://api.test/',
    apiKey: world.keys.alice.text,
    retries: 2,
    fetch: async (input, init) => {
      const request = new Request(input as string, init);
      requests.push(request.clone());
      const answer = answers.shift();
      if (answer === 'no answer') throw new TypeError('fetch failed');
      return answer ?? api(request, { address: '192.0.2.1' });
    },
  });
  return { ...world, client, requests };
};
const busy = () => new Response('{}', { status: 503, headers: { 'retry-after': '0' } });

describe('JobClient', () => {
  test('submits, follows, and brings the result', async () => {
    const { client, store, time } = clientOf();
    const { jobId, outcome } = await client.submit('convert', { url: 'a' });
    expect(outcome).toBe('accepted');
    await expect(client.result(jobId)).rejects.toMatchObject({ status: 409, code: 'not-finished' });
    const done = client.waitFor(jobId, { everySeconds: 0.01 });
    await store.apply({ tenant: 'alice', jobId }, { kind: 'succeed', at: time.now, result: { inline: '[1]' } });
    expect((await done).state).toBe('done');
    expect(await client.result(jobId)).toEqual({ jobId, result: [1] });
    expect((await client.list('done', { limit: 5 })).jobs).toHaveLength(1);
    expect((await client.cancel(jobId)).state).toBe('done');
  });

  test('a request that got no answer, or was put off, is sent again and is one job all the same', async () => {
    const { client, store, requests } = clientOf(['no answer', busy()]);
    await client.submit('convert', { url: 'a' });
    expect(requests).toHaveLength(3);
    expect(new Set(requests.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1);
    expect(store.records.size).toBe(1);
  });

  test('gives up after its tries, and at once when told to wait too long or when it would not help', async () => {
    const tired = clientOf([busy(), busy(), busy()]);
    await expect(tired.client.status('j1')).rejects.toMatchObject({ status: 503 });
    const late = clientOf([new Response('{}', { status: 429, headers: { 'retry-after': '3600' } })]);
    await expect(late.client.status('j1')).rejects.toMatchObject({ status: 429, retryAfterSeconds: 3600 });
    const bad = clientOf();
    await expect(bad.client.submit('convert', { url: 5 })).rejects.toMatchObject({
      code: 'bad-content',
      errors: [{ path: 'body.payload.url', found: '5', expected: expect.any(String) }],
    });
    expect(bad.requests).toHaveLength(1);
  });
});
