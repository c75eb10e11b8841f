import { describe, expect, test } from 'vitest';
import { apiWorld, planOf } from './api-world.ts';

const convert = (url = 'https://example.com/a.wav') => ({ type: 'convert', payload: { url } });

describe('submit', () => {
  test('a job is accepted, recorded and sent, and the answer says where to look and when it should start', async () => {
    const { call, sent, store } = apiWorld();
    const { status, body, headers } = await call('POST', '/jobs', { body: convert() });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(body.links.self);
    expect(body).toMatchObject({
      outcome: 'accepted',
      state: 'queued',
      type: 'convert',
      attempts: 0,
      submittedAt: '2026-11-21T10:00:00.000Z',
      expiresAt: '2026-11-22T10:00:00.000Z',
      estimatedStartAt: '2026-11-21T10:00:02.000Z',
    });
    expect(sent).toHaveLength(1);
    expect(await store.get({ tenant: 'alice', jobId: body.jobId })).toMatchObject({
      payload: { inline: '{"url":"https://example.com/a.wav"}' },
      queue: 'convert',
    });
  });

  test('an equal job within the window is the same job; afterwards, of another client or on demand it is not', async () => {
    const { call, time, sent } = apiWorld();
    const first = await call('POST', '/jobs', { body: convert() });
    const again = await call('POST', '/jobs', { body: convert() });
    expect([again.status, again.body.outcome, again.body.jobId]).toEqual([200, 'same', first.body.jobId]);
    expect((await call('POST', '/jobs', { body: convert(), as: 'bob' })).body.outcome).toBe('accepted');
    expect((await call('POST', '/jobs', { body: { ...convert(), collapse: false } })).body.outcome).toBe('accepted');
    time.now += 601;
    expect((await call('POST', '/jobs', { body: convert() })).body.outcome).toBe('accepted');
    expect(sent).toHaveLength(4);
  });

  test('an idempotency key is one job for good, and another job under it is refused', async () => {
    const { call, time } = apiWorld();
    const headers = { 'idempotency-key': 'order-17' };
    const first = await call('POST', '/jobs', { body: convert(), headers });
    time.now += 3600;
    const again = await call('POST', '/jobs', { body: convert(), headers });
    expect([again.status, again.body.outcome, again.body.jobId]).toEqual([200, 'replayed', first.body.jobId]);
    const other = await call('POST', '/jobs', { body: convert('https://example.com/b.wav'), headers });
    expect([other.status, other.body.type]).toEqual([422, 'urn:sluice:problem:key-reused']);
    expect((await call('POST', '/jobs', { body: convert(), headers, as: 'bob' })).status).toBe(202);
  });

  test('a job whose message was not sent is sent by whoever submits it again', async () => {
    let broken = true;
    const sent: string[] = [];
    const world = apiWorld(planOf(), {
      sender: {
        send: async ({ jobId }) => {
          if (broken) throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
          sent.push(jobId);
        },
      },
    });
    const headers = { 'idempotency-key': 'k' };
    const refused = await world.call('POST', '/jobs', { body: convert(), headers });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    expect(world.errors).toHaveLength(1);
    broken = false;
    expect((await world.call('POST', '/jobs', { body: convert(), headers })).body.outcome).toBe('replayed');
    expect(sent).toHaveLength(1);
  });

  test('1,000 may wait; the next is told when there will be room, one that was accepted before is not refused', async () => {
    const { call, store } = apiWorld(planOf({ limits: { ...planOf().limits, queuedJobs: 3 } }));
    const headers = { 'idempotency-key': 'early' };
    await call('POST', '/jobs', { body: convert('a'), headers });
    for (const url of ['b', 'c']) expect((await call('POST', '/jobs', { body: convert(url) })).status).toBe(202);
    const full = await call('POST', '/jobs', { body: convert('d') });
    expect([full.status, full.body.type, full.headers.get('retry-after')]).toEqual([
      429,
      'urn:sluice:problem:queue-full',
      '2',
    ]);
    expect(full.body).toMatchObject({ queued: 3, limit: 3, retryAfterSeconds: 2 });
    expect((await call('POST', '/jobs', { body: convert('a'), headers })).status).toBe(200);
    expect((await call('POST', '/jobs', { body: { type: 'anything' } })).status).toBe(202);
    expect(await store.backlog('convert')).toBe(3);
  });

  test('a payload that is uploaded first stays where it is', async () => {
    const { call, arrived, store } = apiWorld();
    const { status, body } = await call('POST', '/uploads', { body: { bytes: 5_000_000 } });
    expect([status, body.url]).toEqual([201, expect.stringContaining(body.uploadId)]);
    const early = await call('POST', '/jobs', { body: { type: 'convert', uploadId: body.uploadId } });
    expect([early.status, early.body.errors[0].path]).toEqual([422, 'body.uploadId']);
    arrived.set(`alice/${body.uploadId}`, 5_000_000);
    const stolen = await call('POST', '/jobs', { body: { type: 'convert', uploadId: body.uploadId }, as: 'bob' });
    expect(stolen.status).toBe(422);
    const accepted = await call('POST', '/jobs', { body: { type: 'convert', uploadId: body.uploadId } });
    expect(accepted.status).toBe(202);
    const record = await store.get({ tenant: 'alice', jobId: accepted.body.jobId });
    expect(record?.payload).toEqual({ s3Key: `uploads/alice/${body.uploadId}`, bytes: 5_000_000 });
  });

  test('in a batch each job is judged by itself, and each counts against the limit', async () => {
    const { call } = apiWorld(planOf({ limits: { ...planOf().limits, client: { perSecond: 1, burst: 6 } } }));
    const jobs = [
      convert('a'),
      { type: 'nothing' },
      { ...convert('b'), idempotencyKey: 'x' },
      { type: 'convert', payload: {} },
    ];
    const { status, body } = await call('POST', '/jobs/batch', { body: { jobs } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 2, refused: 2 });
    expect(body.jobs.map((job: { outcome?: string; status?: number }) => job.outcome ?? job.status)).toEqual([
      'accepted',
      422,
      'accepted',
      422,
    ]);
    expect(body.jobs[3].errors).toEqual([
      { path: 'body.jobs[3].payload.url', found: 'nothing', expected: expect.any(String) },
    ]);
    expect((await call('POST', '/jobs/batch', { body: { jobs } })).status).toBe(429);
  });
});

describe('afterwards', () => {
  test('status, result and list follow the job; the result of one that is not done is a conflict', async () => {
    const { call, store, time } = apiWorld();
    const { jobId } = (await call('POST', '/jobs', { body: convert() })).body;
    const ref = { tenant: 'alice', jobId };
    expect((await call('GET', `/jobs/${jobId}/result`)).body).toMatchObject({ status: 409, state: 'queued' });
    time.now += 3;
    await store.apply(ref, { kind: 'begin', messageId: 'm', at: time.now, messageSentAt: time.now });
    expect((await call('GET', `/jobs/${jobId}`)).body).toMatchObject({ state: 'running', attempts: 1 });
    await store.apply(ref, { kind: 'succeed', at: time.now, result: { inline: '{"mp3":"a.mp3"}' } });
    expect((await call('GET', `/jobs/${jobId}/result`)).body).toEqual({ jobId, result: { mp3: 'a.mp3' } });
    expect((await call('GET', '/jobs?state=done')).body.jobs.map((job: { jobId: string }) => job.jobId)).toEqual([
      jobId,
    ]);
    expect((await call('GET', '/jobs?state=done', { as: 'bob' })).body.jobs).toEqual([]);
  });

  test('a large result is a URL', async () => {
    const { call, store, time } = apiWorld();
    const { jobId } = (await call('POST', '/jobs', { body: convert() })).body;
    const result = { s3Key: 'results/alice/x', bytes: 5e6 };
    await store.apply({ tenant: 'alice', jobId }, { kind: 'succeed', at: time.now, result });
    expect((await call('GET', `/jobs/${jobId}/result`)).body).toEqual({
      jobId,
      url: 'https://bucket.test/results/alice/x?signed',
      bytes: 5e6,
      urlExpiresAt: '2026-11-21T10:15:00.000Z',
    });
  });

  test('pages go on where the last one ended', async () => {
    const { call, time } = apiWorld();
    for (let i = 0; i < 5; i++) {
      time.now += 1;
      await call('POST', '/jobs', { body: convert(`u${i}`) });
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await call('GET', `/jobs?state=queued&limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.body.jobs.map((job: { submittedAt: string }) => job.submittedAt));
      cursor = page.body.cursor;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(5);
    expect(seen).toEqual(seen.toSorted());
  });

  test('cancelled stays cancelled, done stays done, and what is not begun in time is expired', async () => {
    const { call, store, time } = apiWorld();
    const one = (await call('POST', '/jobs', { body: convert('1') })).body.jobId;
    expect((await call('POST', `/jobs/${one}/cancel`)).body.state).toBe('cancelled');
    expect((await call('POST', `/jobs/${one}/cancel`)).body.state).toBe('cancelled');
    const two = (await call('POST', '/jobs', { body: convert('2') })).body.jobId;
    await store.apply({ tenant: 'alice', jobId: two }, { kind: 'succeed', at: time.now });
    expect((await call('POST', `/jobs/${two}/cancel`)).body.state).toBe('done');
    expect((await call('GET', `/jobs/${two}/result`)).body.result).toBeNull();
    const three = (await call('POST', '/jobs', { body: { ...convert('3'), expiresInSeconds: 5 } })).body.jobId;
    time.now += 6;
    expect((await call('GET', `/jobs/${three}`)).body.state).toBe('expired');
  });

  test('nothing of another tenant is there: same answer as for a job that never was', async () => {
    const { call, store } = apiWorld();
    const { jobId } = (await call('POST', '/jobs', { body: convert() })).body;
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/result'],
      ['POST', '/cancel'],
    ] as const) {
      const theirs = await call(method, `/jobs/${jobId}${path}`, { as: 'bob' });
      const nobodys = await call(method, `/jobs/j0000000000${path}`, { as: 'bob' });
      expect([theirs.status, theirs.body]).toEqual([404, nobodys.body]);
    }
    expect((await store.get({ tenant: 'alice', jobId }))?.state).toBe('queued');
  });
});

describe('around', () => {
  test('health asks nobody who they are and touches nothing', async () => {
    const { call } = apiWorld(planOf(), { authenticate: () => Promise.reject(new Error('must not be asked')) });
    const { status, body, headers } = await call('GET', '/health', { as: 'nobody' });
    expect([status, body]).toEqual([200, { status: 'ok', stage: 'test' }]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });

  test('without a key, with a wrong one, with an ended one: 401, and the same sentence for the last two', async () => {
    const { call, keys, records, time } = apiWorld();
    const none = await call('GET', '/jobs?state=done', { as: 'nobody' });
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="sluice"']);
    const wrong = `${keys.alice.text.slice(0, -1)}${keys.alice.text.endsWith('A') ? 'B' : 'A'}`;
    const ended = keys.bob.record;
    records.set(ended.keyId, { ...ended, endsAt: time.now });
    const answers = [
      await call('GET', '/jobs?state=done', { as: 'nobody', headers: { 'x-api-key': wrong } }),
      await call('GET', '/jobs?state=done', { as: 'bob' }),
    ];
    expect(answers.map(({ status, body }) => [status, body.detail])).toEqual([
      [401, 'This key is not known, or it has ended.'],
      [401, 'This key is not known, or it has ended.'],
    ]);
  });

  test('an address and a client have limits, and the answer says when to come back', async () => {
    const limits = { ...planOf().limits, address: { perSecond: 1, burst: 3 } };
    const { call, time } = apiWorld(planOf({ limits }));
    const statuses = async (address: string) =>
      Promise.all(Array.from({ length: 5 }, async () => (await call('GET', '/jobs/jaaaaaaaaaa', { address })).status));
    expect((await statuses('192.0.2.7')).filter((status) => status === 429)).toHaveLength(2);
    expect((await statuses('192.0.2.8')).filter((status) => status === 404)).toHaveLength(3);
    expect((await statuses('2001:db8::1')).filter((status) => status === 404)).toHaveLength(3);
    expect((await call('GET', '/jobs/jaaaaaaaaaa', { address: '2001:db8:0:0:9::1' })).headers.get('retry-after')).toBe(
      '1',
    );
    time.now += 1.001;
    expect((await call('GET', '/jobs/jaaaaaaaaaa', { address: '192.0.2.7' })).status).toBe(404);
  });

  test('what is not there is said in the same form', async () => {
    const { call } = apiWorld();
    expect((await call('GET', '/nothing')).body.type).toBe('urn:sluice:problem:not-found');
    const wrong = await call('DELETE', '/jobs/j0000000000');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
  });

  test('what breaks inside stays inside', async () => {
    const { call, errors } = apiWorld(planOf(), {
      forecast: { startedAfter: () => Promise.reject(new Error('arn:aws:secret')) },
    });
    const { status, body } = await call('POST', '/jobs', { body: convert() });
    expect([status, JSON.stringify(body).includes('secret')]).toEqual([500, false]);
    expect(errors).toHaveLength(1);
  });
});
