import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { newApiKey } from '../../../lib/jobs/api/auth/api-key.ts';
import { byApiKey } from '../../../lib/jobs/api/auth/caller.ts';
import { createJobApi } from '../../../lib/jobs/api/job-api.ts';
import type { Uploads } from '../../../lib/jobs/api/jobs/uploads.ts';
import { type Buckets, moveMs, roofMs } from '../../../lib/jobs/api/limit/buckets.ts';
import { RateLimiter } from '../../../lib/jobs/api/limit/rate-limiter.ts';
import type { JobApiParts } from '../../../lib/jobs/api/parts.ts';
import { dynamoWorkflowStore } from '../../../lib/jobs/workflow/workflow-store.ts';
import type { JobApiPlan } from '../../../lib/model/job-api-plan.ts';
import type { JobRecord } from '../../../lib/model/job-record.ts';
import { MemoryJobStore } from '../memory-job-store.ts';

export const planOf = (changes: Partial<JobApiPlan> = {}): JobApiPlan => ({
  auth: 'key',
  types: {
    convert: {
      queue: 'convert',
      payload: {
        type: 'object',
        properties: {
          url: { type: 'string', maxLength: 2000 },
          quality: { type: 'integer', minimum: 1, maximum: 320 },
        },
        required: ['url'],
        additionalProperties: false,
      },
    },
    anything: { queue: 'other' },
  },
  limits: {
    client: { perSecond: 100, burst: 200 },
    address: { perSecond: 1000, burst: 2000 },
    endpoints: {},
    queuedJobs: 1000,
    bodyBytes: 262_144,
    uploadBytes: 10_000_000,
    batchJobs: 25,
  },
  expiresAfterSeconds: 86_400,
  sameWithinSeconds: 600,
  corsOrigins: [],
  ...changes,
});

/** The shared buckets, in memory; exact. */
export class MemoryBuckets implements Buckets {
  readonly fullAtMs = new Map<string, number>();
  takes = 0;

  async take(key: string, tokens: number, limit: { perSecond: number; burst: number }, nowMs: number) {
    this.takes += 1;
    const fullAtMs = Math.max(this.fullAtMs.get(key) ?? 0, nowMs);
    if (fullAtMs > roofMs(tokens, limit, nowMs)) return { granted: false, fullAtMs } as const;
    this.fullAtMs.set(key, fullAtMs + moveMs(tokens, limit));
    return { granted: true, fullAtMs: fullAtMs + moveMs(tokens, limit) } as const;
  }
}

const memoryUploads = (arrived: ReadonlyMap<string, number>): Uploads => ({
  uploadUrl: async (tenant, uploadId, bytes) => `https://bucket.test/uploads/${tenant}/${uploadId}?bytes=${bytes}`,
  find: async (tenant, uploadId) => {
    const bytes = arrived.get(`${tenant}/${uploadId}`);
    return bytes === undefined ? undefined : { s3Key: `uploads/${tenant}/${uploadId}`, bytes };
  },
  downloadUrl: async (s3Key) => `https://bucket.test/${s3Key}?signed`,
});

/** A job API in memory, with two clients, a clock that stands still, and a queue that can be looked into. */
export const apiWorld = (plan: JobApiPlan = planOf(), changes: Partial<JobApiParts> = {}) => {
  const time = { now: 1_795_255_200 };
  const store = new MemoryJobStore();
  const sent: JobRecord[] = [];
  const errors: unknown[] = [];
  const arrived = new Map<string, number>();
  const keys = { alice: newApiKey('alice', time.now), bob: newApiKey('bob', time.now) };
  const records = new Map(Object.values(keys).map(({ record }) => [record.keyId, record]));
  const parts: JobApiParts = {
    plan,
    stage: 'test',
    store,
    sender: { send: async (record) => void sent.push(record) },
    // Tests that mean workflows bring a table.
    workflows: dynamoWorkflowStore(new DynamoDBClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:1' }), 'none'),
    uploads: memoryUploads(arrived),
    authenticate: byApiKey({
      get: async (keyId) => records.get(keyId),
      put: async (record) => void records.set(record.keyId, record),
      end: async () => false,
      list: async () => [...records.values()],
    }),
    limiter: new RateLimiter(new MemoryBuckets()),
    forecast: { startedAfter: async (_queue, jobs) => jobs * 2 },
    clock: { now: () => time.now },
    onError: (error) => void errors.push(error),
    ...changes,
  };
  const api = createJobApi(parts);
  const call = async (
    method: string,
    path: string,
    { as = 'alice', body, headers = {}, address = '192.0.2.1' }: Call = {},
  ) => {
    const response = await api(
      new Request(`https://api.test${path}`, {
        method,
        headers: {
          ...(as === 'nobody' ? {} : { authorization: `Bearer ${keys[as].text}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body) }),
      }),
      { address },
    );
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  return { call, store, sent, errors, time, arrived, keys, records, parts };
};

interface Call {
  readonly as?: 'alice' | 'bob' | 'nobody';
  /** Text and bytes go as they are, all else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly address?: string;
}
