import { type DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { isFinal, type JobRecord, type JobState } from '../model/job-record.ts';
import type { Seconds } from '../model/units.ts';
import { type BacklogCount, backlogCount } from './backlog-count.ts';
import { type ConditionalWriter, conditionalWriter } from './conditional-writer.ts';
import { jobKey, tenantState, toItem, toRecord, toSummary } from './job-item.ts';
import { checkRef, contentHash } from './job-names.ts';
import type { Accepted, AcceptOptions, Applied, JobPage, JobRef, JobStore, ListOptions, NewJob } from './job-store.ts';
import { readCursor, writeCursor } from './list-cursor.ts';
import type { PayloadBucket } from './payload-bucket.ts';
import { type SameJobs, sameJobs } from './same-job.ts';
import { isExpired, type JobEvent, transition } from './transitions.ts';

export interface DynamoJobStoreParts {
  readonly dynamo: DynamoDBClient;
  /** The jobs table of docs/architecture.md. */
  readonly table: string;
  readonly bucket: PayloadBucket;
}

/** More writers than this at one record at one time there never are. */
const attemptsMax = 10;

/** The job store on DynamoDB. One item a job, and conditions instead of transactions. */
export class DynamoJobStore implements JobStore {
  readonly #parts: DynamoJobStoreParts;
  readonly #writer: ConditionalWriter;
  readonly #same: SameJobs;
  readonly #backlog: BacklogCount;
  readonly #knownTenants = new Set<string>();

  constructor(parts: DynamoJobStoreParts) {
    this.#parts = parts;
    this.#writer = conditionalWriter(parts.dynamo, parts.table);
    this.#same = sameJobs(parts.dynamo, parts.table);
    this.#backlog = backlogCount(parts.dynamo, parts.table);
  }

  async accept(job: NewJob, { sameWithinSeconds = 0 }: AcceptOptions = {}): Promise<Accepted> {
    checkRef(job);
    const found = sameWithinSeconds > 0 ? await this.#equal(job, sameWithinSeconds) : job;
    return 'state' in found ? { outcome: 'same', record: found } : this.#create(found);
  }

  async apply(ref: JobRef, event: JobEvent, known?: JobRecord): Promise<Applied> {
    let record = known ?? (await this.get(ref));
    let fresh = known === undefined;
    for (let attempt = 1; record !== undefined; attempt += 1) {
      const next = transition(record, event);
      if (next.ok) {
        if (await this.#writer.replace(jobKey(ref), toItem(record), toItem(next.record))) {
          await this.#count(record.queue, queuedOf(next.record) - queuedOf(record));
          return { outcome: 'applied', record: next.record };
        }
        if (attempt === attemptsMax) throw new Error(`job ${ref.jobId}: others write it all the time`);
      } else if (fresh) {
        return { outcome: 'refused', record };
      }
      record = await this.get(ref);
      fresh = true;
    }
    return { outcome: 'unknown' };
  }

  async adopt(job: NewJob, messageId: string): Promise<JobRecord | undefined> {
    checkRef(job);
    const record: JobRecord = {
      ...(await this.#recordOf(job)),
      state: 'running',
      attempts: 1,
      startedAt: job.submittedAt,
      sentAt: job.submittedAt,
      deliveryMessageId: messageId,
      deliveryBegunAt: job.submittedAt,
    };
    if (!(await this.#writer.create(jobKey(job), toItem(record)))) return undefined;
    await this.#know(job.tenant);
    return record;
  }

  async get(ref: JobRef): Promise<JobRecord | undefined> {
    checkRef(ref);
    const item = await this.#writer.get(jobKey(ref));
    return item === undefined ? undefined : toRecord(item);
  }

  async list(tenant: string, state: JobState, options: ListOptions = {}): Promise<JobPage> {
    const after = options.cursor === undefined ? undefined : readCursor(options.cursor);
    checkRef({ tenant, jobId: after?.jobId ?? '-' });
    const { Items, LastEvaluatedKey } = await this.#parts.dynamo.send(
      new QueryCommand({
        TableName: this.#parts.table,
        IndexName: 'byState',
        KeyConditionExpression: 'tenantState = :tenantState',
        ExpressionAttributeValues: { ':tenantState': { S: tenantState(tenant, state) } },
        ScanIndexForward: options.newestFirst !== true,
        Limit: Math.min(500, Math.max(1, options.limit ?? 50)),
        // Built from the caller's own tenant and state: a cursor opens no other list.
        ...(after === undefined
          ? {}
          : {
              ExclusiveStartKey: {
                ...jobKey({ tenant, jobId: after.jobId }),
                tenantState: { S: tenantState(tenant, state) },
                submittedAt: { N: String(after.submittedAt) },
              },
            }),
      }),
    );
    const jobs = (Items ?? []).map(toSummary);
    const last = jobs.at(-1);
    return { jobs, ...(LastEvaluatedKey === undefined || last === undefined ? {} : { cursor: writeCursor(last) }) };
  }

  read(payload: NonNullable<JobRecord['result']>): Promise<string> {
    return this.#parts.bucket.read(payload);
  }

  keepResult(ref: JobRef, text: string): Promise<NonNullable<JobRecord['result']>> {
    checkRef(ref);
    return this.#parts.bucket.keep('results', ref, text);
  }

  backlog(queue: string): Promise<number> {
    return this.#backlog.read(queue);
  }

  mendBacklog(queue: string, queued: number): Promise<void> {
    return this.#backlog.set(queue, queued);
  }

  async tenants(): Promise<readonly string[]> {
    const { Items } = await this.#parts.dynamo.send(
      new QueryCommand({
        TableName: this.#parts.table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'TENANTS' } },
      }),
    );
    return (Items ?? []).map((item) => item.sk?.S ?? '');
  }

  /** The equal job that counts, or the job to be created, under the id that its content stands for. */
  async #equal(job: NewJob, sameWithinSeconds: Seconds): Promise<JobRecord | NewJob> {
    const hash = contentHash(job);
    const until = job.submittedAt + sameWithinSeconds;
    const holder = await this.#same.claim(job.tenant, hash, job.jobId, job.submittedAt, until);
    if (holder === job.jobId) return job;
    const record = await this.get({ tenant: job.tenant, jobId: holder });
    // Whoever claimed the content has not come to write the record, or died: either of us does it, and one wins.
    if (record === undefined) return { ...job, jobId: holder };
    if (!isWorthless(record, job)) return record;
    const mine = await this.#same.replace(job.tenant, hash, holder, job.jobId, until);
    return mine ? job : this.#equal(job, sameWithinSeconds);
  }

  async #create(job: NewJob): Promise<Accepted> {
    const record = await this.#recordOf(job);
    if (await this.#writer.create(jobKey(job), toItem(record))) {
      await Promise.all([this.#count(job.queue, 1), this.#know(job.tenant)]);
      return { outcome: 'created', record };
    }
    const existing = await this.get(job);
    if (existing === undefined) return this.#create(job);
    return { outcome: existing.contentHash === record.contentHash ? 'exists' : 'conflict', record: existing };
  }

  async #recordOf(job: NewJob): Promise<JobRecord> {
    const { payload, ...rest } = job;
    return {
      ...rest,
      payload: typeof payload === 'string' ? await this.#parts.bucket.keep('payloads', job, payload) : payload,
      contentHash: contentHash(job),
      state: 'queued',
      attempts: 0,
      version: 1,
    };
  }

  async #count(queue: string, change: number): Promise<void> {
    if (change !== 0) await this.#backlog.add(queue, change);
  }

  /** Who has jobs: the sweeper and the audit go by it, since the index is by tenant. */
  async #know(tenant: string): Promise<void> {
    if (this.#knownTenants.has(tenant)) return;
    await this.#parts.dynamo.send(
      new PutItemCommand({ TableName: this.#parts.table, Item: { pk: { S: 'TENANTS' }, sk: { S: tenant } } }),
    );
    this.#knownTenants.add(tenant);
  }
}

const queuedOf = (record: JobRecord): number => (record.state === 'queued' ? 1 : 0);

/** A job that came to nothing does not stand in the way of a new attempt. */
const isWorthless = (record: JobRecord, job: NewJob): boolean =>
  (isFinal(record.state) && record.state !== 'done') || isExpired(record, job.submittedAt);
