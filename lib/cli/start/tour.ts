import { GetQueueAttributesCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { newApiKey } from '../../jobs/api/auth/api-key.ts';
import { dynamoApiKeys } from '../../jobs/api/auth/api-keys.ts';
import { JobClient, type JobView } from '../../jobs/client/job-client.ts';
import type { LocalCloud } from '../../local/local-cloud.ts';
import { readQueueCounts } from '../../local/run/read-truth.ts';
import type { JobApiPlan } from '../../model/job-api-plan.ts';
import type { JobCounts } from '../../model/job-counts.ts';
import { jobStates } from '../../model/job-record.ts';
import type { TourStep } from '../../report/run/run-record.ts';

/** A job API on this machine, for somebody who shows what it does. */
export interface TourApi {
  readonly url: string;
  readonly plan: JobApiPlan;
  /** A client of its own for each tenant. `retries` as in `JobClientOptions`. */
  client(tenant: string, retries?: number): Promise<JobClient>;
  /** One plain request, whatever it is answered with. */
  request(tenant: string, method: string, path: string, body?: unknown): Promise<TourAnswer>;
  /** Messages in the dead-letter queue. */
  deadLetters(queue: string): Promise<number>;
  /** Sends the dead letters back to where they came from. */
  redrive(queue: string): Promise<void>;
  readonly signal: AbortSignal;
}

export interface TourAnswer {
  readonly status: number;
  readonly retryAfterSeconds?: number;
  readonly body: { readonly [name: string]: unknown };
}

/** `tour.ts` of an example exports one: each step shows one thing and says whether it was so. */
export type Tour = (api: TourApi) => AsyncIterable<TourStep>;

/** Where the job API is, and a key for it where it wants one. Undefined: the app has none. */
export const findJobApi = async (
  cloud: LocalCloud,
  signal: AbortSignal,
): Promise<(TourApi & { readonly names: ReadonlySet<string> }) | undefined> => {
  const [api] = cloud.httpApis;
  const settings = cloud.lambda.functions.find(({ environment }) => environment.SLUICE_JOBS_API !== undefined);
  if (api === undefined || settings === undefined) return undefined;
  const { SLUICE_JOBS_API = '{}', SLUICE_JOBS_TABLE = '' } = settings.environment;
  const plan = JSON.parse(SLUICE_JOBS_API) as JobApiPlan;
  const headers = identities(cloud, plan.auth, SLUICE_JOBS_TABLE);
  const names = new Set<string>();
  const headersOf = async (tenant: string) => {
    names.add(tenant);
    return headers(tenant);
  };
  const queueOf = (name: string) => cloud.services.flatMap(({ queues }) => queues).find((queue) => queue.name === name);
  return {
    url: api.url,
    plan,
    names,
    signal,
    client: async (tenant, retries = 5) => new JobClient({ url: api.url, headers: await headersOf(tenant), retries }),
    request: async (tenant, method, path, body) => {
      const response = await fetch(`${api.url}${path}`, {
        method,
        headers: { ...(await headersOf(tenant)), ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal,
      });
      const named = response.headers.get('retry-after');
      return {
        status: response.status,
        ...(named !== null && { retryAfterSeconds: Number(named) }),
        body: (await response.json()) as TourAnswer['body'],
      };
    },
    deadLetters: async (queue) => {
      const { queued, running } = await readQueueCounts(cloud.clients.sqs, queueOf(queue)?.deadLetterUrl ?? '');
      return queued + running;
    },
    redrive: async (queue) => {
      const { Attributes } = await cloud.clients.sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: queueOf(queue)?.deadLetterUrl ?? '',
          AttributeNames: ['QueueArn'],
        }),
      );
      await cloud.clients.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: Attributes?.QueueArn ?? '' }));
    },
  };
};

/** Headers that say who asks: a key of the tenant, made at its first request, or the local stand-in for a signature. */
const identities = (cloud: LocalCloud, auth: JobApiPlan['auth'], table: string) => {
  const keys = new Map<string, Promise<string>>();
  const makeKey = async (tenant: string): Promise<string> => {
    const { text, record } = newApiKey(tenant, Date.now() / 1000);
    await dynamoApiKeys(cloud.clients.dynamoDb, table).put(record);
    return text;
  };
  return async (tenant: string): Promise<Readonly<Record<string, string>>> => {
    if (auth === 'iam') return { 'x-sluice-local-caller': tenant };
    const key = keys.get(tenant) ?? makeKey(tenant);
    keys.set(tenant, key);
    return { authorization: `Bearer ${await key}` };
  };
};

/** For whoever wants to try it by hand while the run lasts. */
export const jobApiLines = async (cloud: LocalCloud, signal: AbortSignal): Promise<readonly string[]> => {
  const api = await findJobApi(cloud, signal);
  if (api === undefined) return [];
  const [type = 'TYPE'] = Object.keys(api.plan.types);
  const who =
    api.plan.auth === 'iam'
      ? '-H "x-sluice-local-caller: me"'
      : `-H "authorization: ${(await identities(cloud, 'key', tableOf(cloud))('me')).authorization}"`;
  return [
    `  job API: ${api.url}`,
    `    curl ${api.url}/jobs ${who} -H "content-type: application/json" -d '{"type":"${type}","payload":{"seconds":1}}'`,
  ];
};

const tableOf = (cloud: LocalCloud): string =>
  cloud.lambda.functions.find(({ environment }) => environment.SLUICE_JOBS_TABLE)?.environment.SLUICE_JOBS_TABLE ?? '';

/** Steps as they come. One that throws is a step that failed, and the last one. */
export const takeTour = async (
  tour: Tour,
  api: TourApi,
  heard: (step: TourStep) => void,
): Promise<readonly TourStep[]> => {
  const steps: TourStep[] = [];
  const note = (step: TourStep): void => {
    steps.push(step);
    heard(step);
  };
  try {
    for await (const step of tour(api)) note(step);
  } catch (error) {
    if (!api.signal.aborted) note({ name: 'tour', ok: false, text: `It broke off: ${String(error)}` });
  }
  return steps;
};

/** Where the jobs of the tour are, by queue, as the API lists them. */
export const countTourJobs = async (
  api: Awaited<ReturnType<typeof findJobApi>> & object,
): Promise<Readonly<Record<string, JobCounts>>> => {
  const counts: Record<string, Record<JobView['state'], number>> = {};
  for (const tenant of api.names) {
    const client = await api.client(tenant);
    for (const state of jobStates) {
      let cursor: string | undefined;
      do {
        const page = await client.list(state, { limit: 100, ...(cursor !== undefined && { cursor }) });
        for (const job of page.jobs) {
          const queue = api.plan.types[job.type]?.queue ?? job.type;
          counts[queue] ??= { ...none };
          counts[queue][state] = (counts[queue][state] ?? 0) + 1;
        }
        cursor = page.cursor;
      } while (cursor !== undefined);
    }
  }
  return Object.fromEntries(
    Object.entries(counts).map(
      ([queue, { done = 0, failed = 0, expired = 0, cancelled = 0, queued = 0, running = 0 }]) => [
        queue,
        {
          submitted: done + failed + expired + cancelled + queued + running,
          done,
          failed,
          expired,
          cancelled,
          queued,
          running,
          lost: 0,
        },
      ],
    ),
  );
};

const none = { queued: 0, running: 0, done: 0, failed: 0, expired: 0, cancelled: 0 };
