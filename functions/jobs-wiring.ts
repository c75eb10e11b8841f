import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoStateStore } from '../lib/act/dynamo-state-store.ts';
import { fleetFrom, startedAfter } from '../lib/decide/start-forecast.ts';
import { dynamoApiKeys } from '../lib/jobs/api/auth/api-keys.ts';
import { byApiKey, byIam } from '../lib/jobs/api/auth/caller.ts';
import { s3Uploads } from '../lib/jobs/api/jobs/uploads.ts';
import { DynamoBuckets } from '../lib/jobs/api/limit/dynamo-buckets.ts';
import { RateLimiter } from '../lib/jobs/api/limit/rate-limiter.ts';
import type { JobApiParts, StartForecast } from '../lib/jobs/api/parts.ts';
import { DynamoJobStore } from '../lib/jobs/dynamo-job-store.ts';
import { sqsJobSender } from '../lib/jobs/job-sender.ts';
import { payloadBucket } from '../lib/jobs/payload-bucket.ts';
import { dynamoWorkflowStore } from '../lib/jobs/workflow/workflow-store.ts';
import type { ServiceBinding } from '../lib/model/binding.ts';
import type { JobApiPlan } from '../lib/model/job-api-plan.ts';
import type { HotState, LearntState } from '../lib/model/state.ts';
import type { EpochSeconds, Seconds } from '../lib/model/units.ts';
import { readBindings } from '../lib/observe/bindings.ts';

const env = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set; the JobApi construct sets it`);
  return value;
};

export const logger = new Logger();

/** A client waits for the answer: few tries, and none that hangs. */
const client = {
  maxAttempts: 3,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000 },
} as const;

const dynamo = new DynamoDBClient(client);
// A checksum in a signed URL would be that of the empty body that is signed here.
const s3 = new S3Client({ ...client, requestChecksumCalculation: 'WHEN_REQUIRED' });
const ssm = new SSMClient(client);
const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });

const plan = JSON.parse(env('SLUICE_JOBS_API')) as JobApiPlan;
const jobsTable = env('SLUICE_JOBS_TABLE');
const jobsBucket = env('SLUICE_JOBS_BUCKET');
const state = new DynamoStateStore(dynamo, env('SLUICE_TABLE'));

/** Read once for each start of the function; a deploy that changes a binding restarts it. */
let reading: Promise<readonly ServiceBinding[]> | undefined;
const bindings = async (): Promise<readonly ServiceBinding[]> => {
  reading ??= readBindings(ssm, env('SLUICE_PARAMETER_PATH')).then((read) => {
    for (const issue of read.issues) logger.error('A binding does not parse; its queues take no jobs', { issue });
    return read.bindings;
  });
  try {
    return await reading;
  } catch (error) {
    reading = undefined;
    throw error;
  }
};

const bindingOf = async (queue: string): Promise<ServiceBinding | undefined> =>
  (await bindings()).find(({ queues }) => queues.some(({ name }) => name === queue));

/** The scaler's state changes with its ticks; asking for it with each request would cost more than it tells. */
const freshSeconds: Seconds = 10;
interface Seen {
  readonly at: EpochSeconds;
  readonly hot: HotState | undefined;
  readonly learnt: LearntState | undefined;
}
const seen = new Map<string, Promise<Seen>>();

const look = async ({ plan: { service }, shard }: ServiceBinding, now: EpochSeconds): Promise<Seen> => {
  const signal = AbortSignal.timeout(1000);
  const [shardState, stored] = await Promise.all([state.load(shard, signal), state.loadLearnt(service, signal)]);
  return { at: now, hot: shardState.services[service], learnt: stored?.learnt };
};

const lookedAt = async (binding: ServiceBinding, now: EpochSeconds): Promise<Seen> => {
  const { service } = binding.plan;
  const known = await seen.get(service);
  if (known !== undefined && now - known.at < freshSeconds) return known;
  // Without the scaler's state there are the priors: an estimate is never worth an error.
  const looking = look(binding, now).catch((error: unknown) => {
    logger.warn('The state of the scaler cannot be read', { service, error: String(error) });
    return { at: now, hot: undefined, learnt: undefined };
  });
  seen.set(service, looking);
  return looking;
};

const forecast: StartForecast = {
  startedAfter: async (queue, jobs, now) => {
    const binding = await bindingOf(queue);
    if (binding === undefined) return undefined;
    const { hot, learnt } = await lookedAt(binding, now);
    return startedAfter(fleetFrom(binding.plan, queue, hot, learnt, now), jobs);
  },
};

export const jobApiParts: JobApiParts = {
  plan,
  stage: env('SLUICE_STAGE'),
  store: new DynamoJobStore({ dynamo, table: jobsTable, bucket: payloadBucket(s3, jobsBucket) }),
  sender: sqsJobSender(sqs, async (queue) => {
    const binding = await bindingOf(queue);
    return binding?.queues.find(({ name }) => name === queue)?.url;
  }),
  workflows: dynamoWorkflowStore(dynamo, jobsTable),
  uploads: s3Uploads(s3, jobsBucket),
  authenticate: plan.auth === 'iam' ? byIam : byApiKey(dynamoApiKeys(dynamo, jobsTable)),
  limiter: new RateLimiter(new DynamoBuckets(dynamo, jobsTable)),
  forecast,
  clock: { now: () => Date.now() / 1000 },
  onError: (error) => logger.error('A request failed', { error }),
};
