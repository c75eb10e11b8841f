import { checkRef, contentHash } from '../../lib/jobs/job-names.ts';
import type {
  Accepted,
  AcceptOptions,
  Applied,
  JobPage,
  JobRef,
  JobStore,
  ListOptions,
  NewJob,
} from '../../lib/jobs/job-store.ts';
import { readCursor, writeCursor } from '../../lib/jobs/list-cursor.ts';
import { inlineBytesMax } from '../../lib/jobs/payload-bucket.ts';
import { isExpired, type JobEvent, transition } from '../../lib/jobs/transitions.ts';
import { type JobRecord, type JobState, jobStates } from '../../lib/model/job-record.ts';

/** The job store in a map, for tests of what is built on it. It passes the same suite as the one on DynamoDB. */
export class MemoryJobStore implements JobStore {
  readonly records = new Map<string, JobRecord>();
  readonly #bucket = new Map<string, string>();
  readonly #same = new Map<string, { readonly jobId: string; readonly until: number }>();

  async accept(job: NewJob, { sameWithinSeconds = 0 }: AcceptOptions = {}): Promise<Accepted> {
    checkRef(job);
    if (sameWithinSeconds > 0) {
      const key = `${job.tenant}#${contentHash(job)}`;
      const holder = this.#same.get(key);
      const record = holder && this.records.get(keyOf({ tenant: job.tenant, jobId: holder.jobId }));
      if (record && holder.until > job.submittedAt && record.jobId !== job.jobId && isOfUse(record, job.submittedAt)) {
        return { outcome: 'same', record };
      }
      this.#same.set(key, { jobId: job.jobId, until: job.submittedAt + sameWithinSeconds });
    }
    const existing = this.records.get(keyOf(job));
    if (existing !== undefined) {
      return { outcome: existing.contentHash === contentHash(job) ? 'exists' : 'conflict', record: existing };
    }
    const record = this.#recordOf(job);
    this.records.set(keyOf(job), record);
    return { outcome: 'created', record };
  }

  async apply(ref: JobRef, event: JobEvent): Promise<Applied> {
    const record = this.records.get(keyOf(ref));
    if (record === undefined) return { outcome: 'unknown' };
    const next = transition(record, event);
    if (!next.ok) return { outcome: 'refused', record };
    this.records.set(keyOf(ref), next.record);
    return { outcome: 'applied', record: next.record };
  }

  async adopt(job: NewJob, messageId: string): Promise<JobRecord | undefined> {
    checkRef(job);
    if (this.records.has(keyOf(job))) return undefined;
    const at = job.submittedAt;
    const record: JobRecord = {
      ...this.#recordOf(job),
      state: 'running',
      attempts: 1,
      startedAt: at,
      sentAt: at,
      deliveryMessageId: messageId,
      deliveryBegunAt: at,
    };
    this.records.set(keyOf(job), record);
    return record;
  }

  async get(ref: JobRef): Promise<JobRecord | undefined> {
    checkRef(ref);
    return this.records.get(keyOf(ref));
  }

  async list(tenant: string, state: JobState, options: ListOptions = {}): Promise<JobPage> {
    const after = options.cursor === undefined ? undefined : readCursor(options.cursor);
    const sign = options.newestFirst === true ? -1 : 1;
    const order = (a: { submittedAt: number; jobId: string }, b: { submittedAt: number; jobId: string }): number =>
      sign * (a.submittedAt - b.submittedAt || (a.jobId < b.jobId ? -1 : a.jobId > b.jobId ? 1 : 0));
    const all = [...this.records.values()]
      .filter((record) => record.tenant === tenant && record.state === state)
      .filter((record) => after === undefined || order(record, after) > 0)
      .toSorted(order)
      .map(({ payload: _p, result: _r, ...summary }) => summary);
    const jobs = all.slice(0, options.limit ?? 50);
    const last = jobs.at(-1);
    return { jobs, ...(last === undefined || jobs.length === all.length ? {} : { cursor: writeCursor(last) }) };
  }

  async read(payload: NonNullable<JobRecord['result']>): Promise<string> {
    return 'inline' in payload ? payload.inline : (this.#bucket.get(payload.s3Key) ?? '');
  }

  async keepResult(ref: JobRef, text: string): Promise<NonNullable<JobRecord['result']>> {
    return this.#keep(`results/${keyOf(ref)}`, text);
  }

  async backlog(queue: string): Promise<number> {
    return [...this.records.values()].filter((record) => record.queue === queue && record.state === 'queued').length;
  }

  async mendBacklog(): Promise<void> {}

  async tenants(): Promise<readonly string[]> {
    return [...new Set([...this.records.values()].map(({ tenant }) => tenant))].toSorted();
  }

  #keep(s3Key: string, text: string): NonNullable<JobRecord['result']> {
    if (Buffer.byteLength(text) <= inlineBytesMax) return { inline: text };
    this.#bucket.set(s3Key, text);
    return { s3Key, bytes: Buffer.byteLength(text) };
  }

  #recordOf({ payload, ...job }: NewJob): JobRecord {
    return {
      ...job,
      payload: typeof payload === 'string' ? this.#keep(`payloads/${keyOf(job)}`, payload) : payload,
      contentHash: contentHash({ ...job, payload }),
      state: 'queued',
      attempts: 0,
      version: 1,
    };
  }
}

const keyOf = ({ tenant, jobId }: JobRef): string => `${tenant}/${jobId}`;
const isOfUse = (record: JobRecord, now: number): boolean =>
  jobStates.slice(0, 3).includes(record.state) && !isExpired(record, now);
