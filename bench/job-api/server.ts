import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { newApiKey } from '../../lib/jobs/api/auth/api-key.ts';
import { dynamoApiKeys } from '../../lib/jobs/api/auth/api-keys.ts';
import { byApiKey } from '../../lib/jobs/api/auth/caller.ts';
import { answerEvent, type HttpApiEvent } from '../../lib/jobs/api/http/lambda-adapter.ts';
import { createJobApi } from '../../lib/jobs/api/job-api.ts';
import { DynamoBuckets } from '../../lib/jobs/api/limit/dynamo-buckets.ts';
import { RateLimiter } from '../../lib/jobs/api/limit/rate-limiter.ts';
import { DynamoJobStore } from '../../lib/jobs/dynamo-job-store.ts';
import { payloadBucket } from '../../lib/jobs/payload-bucket.ts';
import { dynamoWorkflowStore } from '../../lib/jobs/workflow/workflow-store.ts';
import { toAnswer } from '../../lib/local/http-api/to-answer.ts';
import { toEvent } from '../../lib/local/http-api/to-event.ts';
import type { JobApiPlan } from '../../lib/model/job-api-plan.ts';
import { createJobsTable } from '../../test/jobs/jobs-table.ts';

const table = 'jobs';
const plan: JobApiPlan = {
  auth: 'key',
  types: { convert: { queue: 'convert' } },
  limits: {
    client: { perSecond: 100, burst: 200 },
    address: { perSecond: 10_000, burst: 20_000 },
    endpoints: {},
    queuedJobs: 1_000_000,
    bodyBytes: 262_144,
    uploadBytes: 1,
    batchJobs: 25,
  },
  expiresAfterSeconds: 86_400,
  sameWithinSeconds: 600,
  corsOrigins: [],
};

/** The job API behind Node's HTTP server, and at `/bare` one DynamoDB call and nothing else. */
export const createBenchServer = async (endpoint: string, callMs: number) => {
  const dynamo = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await createJobsTable(dynamo, table);
  // What the network and DynamoDB take; the emulator's own time comes on top.
  dynamo.middlewareStack.add(
    (next) => async (args) => {
      await sleep(callMs);
      return next(args);
    },
    { step: 'initialize' },
  );
  const keys = dynamoApiKeys(dynamo, table);
  const made = ['one', 'other'].map((tenant) => newApiKey(tenant, Date.now() / 1000));
  for (const { record } of made) await keys.put(record);
  const api = createJobApi({
    plan,
    stage: 'bench',
    store: new DynamoJobStore({ dynamo, table, bucket: payloadBucket(undefined, undefined) }),
    workflows: dynamoWorkflowStore(dynamo, table),
    sender: { send: () => sleep(callMs) },
    authenticate: byApiKey(keys),
    limiter: new RateLimiter(new DynamoBuckets(dynamo, table)),
    forecast: { startedAfter: async (_queue, jobs) => jobs },
    clock: { now: () => Date.now() / 1000 },
    onError: (error) => console.error(error),
  });
  const bare = async (method: string): Promise<object> => {
    const Key = { pk: { S: 'BARE' }, sk: { S: 'BARE' } };
    if (method === 'PUT') {
      await dynamo.send(new PutItemCommand({ TableName: table, Item: { ...Key, text: { S: 'a'.repeat(500) } } }));
    } else await dynamo.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    return { statusCode: 200, body: '{}', headers: { 'content-type': 'application/json' } };
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const route = { routeKey: '$default', auth: 'NONE', integrationId: '' } as const;
    const event = toEvent({ apiId: 'bench', route, request, body: Buffer.concat(chunks) }) as HttpApiEvent;
    const result =
      event.rawPath === '/bare' ? await bare(event.requestContext.http.method) : await answerEvent(api, event);
    const { status, headers, body } = toAnswer(JSON.stringify(result));
    response.writeHead(status, headers).end(body);
  };
  const [key = '', otherKey = ''] = made.map(({ text }) => text);
  return { serve, key, otherKey, close: () => dynamo.destroy() };
};
