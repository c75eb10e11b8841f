import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import type { Seconds } from '../../model/units.ts';
import type { WorkloadJob } from '../../simulate/workload.ts';
import type { Clock } from '../../worker/clock.ts';
import { callRetrySeconds } from '../../worker/queue/retry-delay.ts';
import { payloadKey } from './payloads.ts';

export interface SendParts {
  readonly sqs: SQSClient;
  readonly clock: Clock;
  /** Queue URL by queue name. */
  readonly urlOf: (queue: string) => string;
  /** In order of time. */
  readonly workload: readonly WorkloadJob[];
  /** Called when SQS has accepted the jobs. */
  readonly onSent: (jobs: readonly WorkloadJob[]) => void;
  readonly signal: AbortSignal;
}

/** SQS takes at most 10 messages a call. */
const batchMax = 10;
/** Jobs that are due within this time go out together: a person sees no difference, and it spares most of the calls. */
const gatherSeconds: Seconds = 0.05;

/**
 * Sends each job at its time, counted from now. Every wake-up looks at the clock anew and sends all that is due,
 * so a late one delays a few jobs and never shifts the rest. Resolves when the last job is accepted.
 */
export const sendJobs = async (parts: SendParts): Promise<void> => {
  const { clock, workload, signal } = parts;
  const startedAt = clock.now();
  const underway: Promise<void>[] = [];
  for (let next = 0; next < workload.length && !signal.aborted; ) {
    const at = workload[next]?.at ?? 0;
    await clock.sleep(Math.max(0, startedAt + at + gatherSeconds - clock.now()), signal);
    if (signal.aborted) break;
    const elapsed = clock.now() - startedAt;
    const from = next;
    while (next < workload.length && (workload[next]?.at ?? 0) <= elapsed) next += 1;
    underway.push(...batches(workload.slice(from, next)).map((batch) => sendBatch(parts, batch)));
  }
  await Promise.all(underway);
};

const batches = (jobs: readonly WorkloadJob[]): readonly (readonly WorkloadJob[])[] =>
  [...Map.groupBy(jobs, (job) => job.queue).values()].flatMap((sameQueue) =>
    Array.from({ length: Math.ceil(sameQueue.length / batchMax) }, (_, i) =>
      sameQueue.slice(i * batchMax, (i + 1) * batchMax),
    ),
  );

/** Tries until SQS has them all. A batch that was accepted without our knowing is sent twice: job ids are what counts. */
const sendBatch = async (parts: SendParts, batch: readonly WorkloadJob[]): Promise<void> => {
  let rest = batch;
  for (let attempt = 1; rest.length > 0 && !parts.signal.aborted; attempt += 1) {
    const refused = await trySend(parts, rest);
    parts.onSent(rest.filter((job) => !refused.has(job.jobId)));
    rest = rest.filter((job) => refused.has(job.jobId));
    if (rest.length > 0) await parts.clock.sleep(callRetrySeconds(attempt, Math.random, 0.1, 2), parts.signal);
  }
};

const trySend = async (parts: SendParts, jobs: readonly WorkloadJob[]): Promise<ReadonlySet<string>> => {
  const url = parts.urlOf(jobs[0]?.queue ?? '');
  try {
    const answer = await parts.sqs.send(
      new SendMessageBatchCommand({ QueueUrl: url, Entries: jobs.map((job, index) => entryOf(job, index, url)) }),
    );
    return new Set((answer.Failed ?? []).flatMap((failed) => jobs[Number(failed.Id)]?.jobId ?? []));
  } catch {
    return new Set(jobs.map((job) => job.jobId));
  }
};

const entryOf = (job: WorkloadJob, index: number, url: string): SendMessageBatchRequestEntry => ({
  Id: String(index),
  MessageBody: JSON.stringify({ payloadKey: payloadKey(job.payloadBytes), seconds: job.serviceSeconds }),
  MessageAttributes: { jobId: { DataType: 'String', StringValue: job.jobId } },
  ...(url.endsWith('.fifo') ? { MessageGroupId: job.jobId, MessageDeduplicationId: job.jobId } : {}),
});
