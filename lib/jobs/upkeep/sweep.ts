import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { JobSummary } from '../job-store.ts';
import { isExpired } from '../transitions.ts';
import { isComplete, settleWorkflow, startJoin } from '../workflow/settle-workflow.ts';
import { continueStart, type WorkflowParts } from '../workflow/start-workflow.ts';

/** What a sweep found and put right. */
export interface Swept {
  /** Accepted, but nobody is sure that the message was sent: sent now. */
  readonly resent: number;
  /** Not begun in time. */
  readonly expired: number;
  /** Workflows whose start or whose join job nobody was left to see to. */
  readonly workflows: number;
  /** What waits, by queue; written to the counters that back-pressure reads. */
  readonly queued: Readonly<Record<string, number>>;
}

/** So long a submission may take; after that whoever made it is taken for dead. */
export const unsentAfterSeconds: Seconds = 120;
const pageLimit = 500;

/**
 * Brings to its end what somebody left half-done, and what time ends. May run twice at once, or die anywhere.
 * Costs one query a tenant and page of queued jobs, and writes only where something is wrong.
 */
export const sweep = async (parts: WorkflowParts, now: EpochSeconds): Promise<Swept> => {
  const queued = new Map<string, number>();
  let resent = 0;
  let expired = 0;
  let workflows = 0;
  for (const tenant of await parts.store.tenants()) {
    for await (const job of queuedJobs(parts, tenant)) {
      if (isExpired(job, now)) {
        if (await expire(parts, job, now)) expired += 1;
        continue;
      }
      queued.set(job.queue, (queued.get(job.queue) ?? 0) + 1);
      if (job.sentAt === undefined && job.submittedAt <= now - unsentAfterSeconds && (await resend(parts, job, now))) {
        resent += 1;
      }
    }
    workflows += await sweepWorkflows(parts, tenant, now);
  }
  await mendCounters(parts, queued);
  return { resent, expired, workflows, queued: Object.fromEntries(queued) };
};

async function* queuedJobs({ store }: WorkflowParts, tenant: string): AsyncGenerator<JobSummary> {
  let cursor: string | undefined;
  do {
    const page = await store.list(tenant, 'queued', { limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.jobs;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

const expire = async (parts: WorkflowParts, job: JobSummary, now: EpochSeconds): Promise<boolean> => {
  const applied = await parts.store.apply(job, { kind: 'expire', at: now });
  if (applied.outcome !== 'applied') return false;
  await settleWorkflow(parts, applied.record, now);
  return true;
};

/** The index is a moment behind, so the record has the last word. */
const resend = async ({ store, sender }: WorkflowParts, job: JobSummary, now: EpochSeconds): Promise<boolean> => {
  const record = await store.get(job);
  if (record === undefined || record.state !== 'queued' || record.sentAt !== undefined) return false;
  await sender.send(record);
  await store.apply(job, { kind: 'sent', at: now }, record);
  return true;
};

const sweepWorkflows = async (parts: WorkflowParts, tenant: string, now: EpochSeconds): Promise<number> => {
  let mended = 0;
  for (const state of ['starting', 'running'] as const) {
    for (const ref of await parts.workflows.list(tenant, state, 100)) {
      const workflow = await parts.workflows.get(ref);
      if (workflow === undefined || workflow.startedAt > now - unsentAfterSeconds) continue;
      if (workflow.state === 'starting') await continueStart(parts, workflow, now);
      else if (isComplete(workflow)) await startJoin(parts, workflow, now);
      else continue;
      mended += 1;
    }
  }
  return mended;
};

/** A crash between a record and its count puts the counter off. A job that comes or goes meanwhile does too, by one, until the next sweep. */
const mendCounters = async ({ store }: WorkflowParts, queued: ReadonlyMap<string, number>): Promise<void> => {
  for (const [queue, count] of queued) {
    if ((await store.backlog(queue)) !== count) await store.mendBacklog(queue, count);
  }
};
