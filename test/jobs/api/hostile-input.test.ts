import { describe, expect, test } from 'vitest';
import { deepestNesting } from '../../../lib/jobs/api/http/json-trouble.ts';
import { apiWorld } from './api-world.ts';

/**
 * Goal: whatever is sent is answered with problem+json that names the place and what belongs there; nothing is stored or
 * sent for it, nothing inside breaks, and what was accepted before stays untouched.
 */
const good = { type: 'convert', payload: { url: 'https://example.com/a.wav' } };
const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
const text = (payload: string) => `{"type":"anything","payload":${payload}}`;
const json = { 'content-type': 'application/json' };

interface Hostile {
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: string;
  /** Of the first issue. */
  readonly at?: string;
  readonly found?: string;
}

const cases: Readonly<Record<string, Hostile>> = {
  'an empty body': { body: '', headers: json, status: 400, code: 'bad-request', at: 'body', found: 'nothing' },
  'no JSON': { body: '{"type":', status: 400, code: 'bad-request', at: 'body' },
  NaN: { body: text('NaN'), status: 400, code: 'bad-request', at: 'body' },
  Infinity: { body: text('-Infinity'), status: 400, code: 'bad-request', at: 'body' },
  'a raw control character': { body: text('"a\u0000b"'), status: 400, code: 'bad-request', at: 'body' },
  'bytes that are not UTF-8': {
    body: new Uint8Array([0x22, 0xff, 0xfe, 0x22]),
    headers: json,
    status: 400,
    code: 'bad-request',
    at: 'body',
  },
  'a byte order mark': { body: `\ufeff${JSON.stringify(good)}`, status: 400, code: 'bad-request', at: 'body' },
  'a body that is too large': { body: text(`"${'x'.repeat(262_144)}"`), status: 413, code: 'too-large', at: 'body' },
  'a body that lies about its length': {
    body: text(`"${'x'.repeat(262_144)}"`),
    headers: { 'content-length': '10' },
    status: 413,
    code: 'too-large',
  },
  'another content type': {
    body: JSON.stringify(good),
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'wrong-type',
    at: 'header.content-type',
  },
  'a form': {
    body: 'type=convert',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'wrong-type',
  },
  'another charset': {
    body: JSON.stringify(good),
    headers: { 'content-type': 'application/json; charset=utf-16' },
    status: 415,
    code: 'wrong-type',
  },
  'a compressed body': {
    body: JSON.stringify(good),
    headers: { ...json, 'content-encoding': 'gzip' },
    status: 415,
    code: 'wrong-type',
    at: 'header.content-encoding',
  },
  'a list': { body: [good], status: 422, code: 'bad-content', at: 'body', found: 'a list of 1' },
  null: { body: 'null', headers: json, status: 422, code: 'bad-content', at: 'body', found: 'null' },
  'a number for the type': { body: { type: 7 }, status: 422, code: 'bad-content', at: 'body.type', found: '7' },
  'an unknown type': { body: { type: 'remove' }, status: 422, code: 'bad-content', at: 'body.type', found: '"remove"' },
  'the type "constructor"': { body: { type: 'constructor' }, status: 422, code: 'bad-content', at: 'body.type' },
  'the type "__proto__"': { body: { type: '__proto__' }, status: 422, code: 'bad-content', at: 'body.type' },
  'an unknown key': {
    body: { ...good, jobId: 'mine' },
    status: 422,
    code: 'bad-content',
    at: 'body.jobId',
    found: 'the unknown key "jobId"',
  },
  'another tenant in the body': {
    body: { ...good, tenant: 'bob' },
    status: 422,
    code: 'bad-content',
    at: 'body.tenant',
  },
  'the key __proto__': {
    body: '{"type":"anything","__proto__":{"admin":true}}',
    status: 400,
    code: 'bad-request',
    at: 'body.__proto__',
  },
  'the key __proto__ deep down': {
    body: text('{"a":[0,{"__proto__":{}}]}'),
    status: 400,
    code: 'bad-request',
    at: 'body.payload.a[1].__proto__',
  },
  'the key __proto__, escaped': {
    body: text('{"\\u005f_proto__":1}'),
    status: 400,
    code: 'bad-request',
    at: 'body.payload.__proto__',
  },
  'a key twice': {
    body: '{"type":"convert","type":"anything"}',
    status: 400,
    code: 'bad-request',
    at: 'body.type',
    found: 'the key "type" twice',
  },
  'a key twice, once escaped': {
    body: text('{"a":1,"\\u0061":2}'),
    status: 400,
    code: 'bad-request',
    at: 'body.payload.a',
  },
  'nesting without end': { body: text(nested(100_000)), status: 400, code: 'bad-request', found: 'deeper nesting' },
  'one level too many': { body: text(nested(deepestNesting)), status: 400, code: 'bad-request' },
  'a number beyond doubles': {
    body: text('1e999'),
    status: 400,
    code: 'bad-request',
    at: 'body.payload',
    found: 'the number "1e999"',
  },
  'a whole number that would be rounded': {
    body: text('12345678901234567890'),
    status: 400,
    code: 'bad-request',
    at: 'body.payload',
  },
  'half a surrogate pair': {
    body: text('"\\ud800"'),
    status: 400,
    code: 'bad-request',
    at: 'body.payload',
    found: 'half a surrogate pair',
  },
  'a character that SQS refuses': {
    body: text('"\uffff"'),
    status: 400,
    code: 'bad-request',
    at: 'body.payload',
    found: 'the character U+FFFF',
  },
  'a payload of the wrong form': {
    body: { type: 'convert', payload: { url: 5 } },
    status: 422,
    code: 'bad-content',
    at: 'body.payload.url',
    found: '5',
  },
  'a payload with more than it may have': {
    body: { type: 'convert', payload: { url: 'a', shell: 'rm' } },
    status: 422,
    code: 'bad-content',
    at: 'body.payload.shell',
  },
  'a payload that is not there': { body: { type: 'convert' }, status: 422, code: 'bad-content', at: 'body.payload' },
  'an expiry in the past': {
    body: { ...good, expiresInSeconds: -5 },
    status: 422,
    code: 'bad-content',
    at: 'body.expiresInSeconds',
    found: '-5',
  },
  'an expiry that never comes': {
    body: { ...good, expiresInSeconds: 9e15 },
    status: 422,
    code: 'bad-content',
    at: 'body.expiresInSeconds',
  },
  'an upload id that climbs': {
    body: { type: 'convert', uploadId: '../../bob/secret' },
    status: 422,
    code: 'bad-content',
    at: 'body.uploadId',
  },
  'an idempotency key with blanks': {
    body: good,
    headers: { 'idempotency-key': 'a b' },
    status: 400,
    code: 'bad-request',
    at: 'header.idempotency-key',
  },
  'an idempotency key without end': {
    body: good,
    headers: { 'idempotency-key': 'k'.repeat(256) },
    status: 400,
    code: 'bad-request',
    at: 'header.idempotency-key',
  },
  'no jobs in a batch': { path: '/jobs/batch', body: { jobs: [] }, status: 422, code: 'bad-content', at: 'body.jobs' },
  'too many jobs in a batch': {
    path: '/jobs/batch',
    body: { jobs: Array(26).fill(good) },
    status: 413,
    code: 'too-large',
    at: 'body.jobs',
  },
  'an upload of nothing': { path: '/uploads', body: { bytes: 0 }, status: 422, code: 'bad-content', at: 'body.bytes' },
  'an upload that is too large': {
    path: '/uploads',
    body: { bytes: 10_000_001 },
    status: 413,
    code: 'too-large',
    at: 'body.bytes',
  },
  'an id with a path in it': {
    method: 'GET',
    path: '/jobs/..%2f..%2fetc%2fpasswd',
    status: 400,
    code: 'bad-request',
    at: 'path.jobId',
  },
  'an id that is a path': { method: 'GET', path: '/jobs/%2e%2e/result/../../secret', status: 404, code: 'not-found' },
  'an id with a separator of keys': {
    method: 'GET',
    path: '/jobs/alice%23j1',
    status: 400,
    code: 'bad-request',
    at: 'path.jobId',
  },
  'an id with a line break': {
    method: 'GET',
    path: '/jobs/a%0d%0aset-cookie:x',
    status: 400,
    code: 'bad-request',
    at: 'path.jobId',
  },
  'an id with a zero byte': { method: 'GET', path: '/jobs/a%00', status: 400, code: 'bad-request', at: 'path.jobId' },
  'an id that is not UTF-8': {
    method: 'GET',
    path: '/jobs/%ff%fe',
    status: 400,
    code: 'bad-request',
    at: 'path.jobId',
  },
  'an id without end': {
    method: 'GET',
    path: `/jobs/${'a'.repeat(5000)}`,
    status: 400,
    code: 'bad-request',
    at: 'path.jobId',
  },
  'the id of a prototype': { method: 'GET', path: '/jobs/__proto__', status: 404, code: 'not-found' },
  'a state that is none': {
    method: 'GET',
    path: '/jobs?state=all',
    status: 400,
    code: 'bad-request',
    at: 'query.state',
    found: '"all"',
  },
  'a state twice': {
    method: 'GET',
    path: '/jobs?state=done&state=failed',
    status: 400,
    code: 'bad-request',
    at: 'query.state',
  },
  'a parameter that is none': {
    method: 'GET',
    path: '/jobs?state=done&tenant=bob',
    status: 400,
    code: 'bad-request',
    at: 'query.tenant',
  },
  'a limit that is none': {
    method: 'GET',
    path: '/jobs?state=done&limit=1e9',
    status: 400,
    code: 'bad-request',
    at: 'query.limit',
  },
  'a cursor of nobody': {
    method: 'GET',
    path: '/jobs?state=done&cursor=%00%00',
    status: 400,
    code: 'bad-request',
    at: 'cursor',
  },
  'a cursor that means something else': {
    method: 'GET',
    path: `/jobs?state=done&cursor=${Buffer.from('{"a":1}').toString('base64url')}`,
    status: 400,
    code: 'bad-request',
    at: 'cursor',
  },
  'a key of nobody': {
    method: 'GET',
    path: '/jobs?state=done',
    headers: { 'x-api-key': 'sluice_aaaaaaaaaaaa_x' },
    status: 401,
    code: 'unauthenticated',
  },
  'a key with a prototype': {
    method: 'GET',
    path: '/jobs?state=done',
    headers: { 'x-api-key': '__proto__' },
    status: 401,
    code: 'unauthenticated',
  },
  'a method that is none here': { method: 'PUT', path: '/jobs', body: good, status: 405, code: 'method-not-allowed' },
};

describe('hostile input', () => {
  test.each(Object.entries(cases))('%s', async (_name, hostile) => {
    const { call, sent, store, errors } = apiWorld();
    const kept = (await call('POST', '/jobs', { body: good })).body.jobId;
    const before = await store.get({ tenant: 'alice', jobId: kept });
    const { method = 'POST', path = '/jobs', body, headers = {} } = hostile;
    const answer = await call(method, path, { body, headers });
    expect([answer.status, answer.body.type]).toEqual([hostile.status, `urn:sluice:problem:${hostile.code}`]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      status: hostile.status,
      title: expect.any(String),
      detail: expect.any(String),
    });
    const [issue] = answer.body.errors ?? [];
    if (hostile.at !== undefined) expect(issue?.path).toBe(hostile.at);
    if (hostile.found !== undefined) expect(issue?.found).toBe(hostile.found);
    if (issue !== undefined) expect(issue.expected).toEqual(expect.stringMatching(/.../));
    // No answer repeats at length what it was sent, nor anything that a terminal would obey.
    expect(JSON.stringify(answer.body).length).toBeLessThan(2500);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(JSON.stringify(answer.body)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
    expect(errors).toEqual([]);
    expect(sent).toHaveLength(1);
    expect(store.records.size).toBe(1);
    expect(await store.get({ tenant: 'alice', jobId: kept })).toEqual(before);
  });

  test('unusual text that is sound arrives as it was sent', async () => {
    const { call, sent } = apiWorld();
    const payload = {
      text: 'ü 漢 😀 \u0000 \u001b[31m \u202e',
      constructor: 1,
      nul: null,
      big: 9007199254740991,
      small: -1.5e-10,
    };
    expect((await call('POST', '/jobs', { body: { type: 'anything', payload } })).status).toBe(202);
    const [record] = sent;
    expect(record && 'inline' in record.payload && JSON.parse(record.payload.inline)).toEqual(payload);
  });

  test('a name that would be obeyed is shown as text', async () => {
    const { call } = apiWorld();
    const { body } = await call('POST', '/jobs', { body: { type: '\u001b[2J\u202e\r\nSet-Cookie: a=b' } });
    expect(body.errors[0].found).toBe('"\\u001b[2J\\u202e\\r\\nSet-Cookie: a=b"');
  });

  test('an answer that was lost: the same request with the same key, twenty times at once, is one job', async () => {
    const { call, store } = apiWorld();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call('POST', '/jobs', { body: good, headers: { 'idempotency-key': 'once' } })),
    );
    expect(new Set(answers.map(({ body }) => body.jobId)).size).toBe(1);
    expect(store.records.size).toBe(1);
  });
});
