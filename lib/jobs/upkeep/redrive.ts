import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { EpochSeconds } from '../../model/units.ts';
import type { JobStore, JobSummary } from '../job-store.ts';

export interface RedriveQueue {
  readonly name: string;
  readonly url: string;
  readonly deadLetterUrl: string;
}

export interface Redriven {
  readonly queue: string;
  /** Messages in the dead-letter queue before. */
  readonly deadLetters: number;
  /** Why the queue's failed jobs failed, by reason; empty without job records. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Absent: a dry run. */
  readonly moved?: number;
  readonly status?: string;
  /** Records that are queued again. The others became so, or more, when a worker took their message. */
  readonly requeued?: number;
}

export interface RedriveParts {
  readonly sqs: SQSClient;
  /** Absent: the service keeps no records. */
  readonly store?: JobStore;
  readonly sleep: (seconds: number) => Promise<void>;
  readonly now: () => EpochSeconds;
}

/** What a redrive would find, without doing it. */
export const lookAtDeadLetters = async (parts: RedriveParts, queue: RedriveQueue): Promise<Redriven> => {
  const { count } = await attributesOf(parts.sqs, queue.deadLetterUrl);
  const failed = await failedJobs(parts.store, queue.name);
  const reasons = Object.groupBy(failed, ({ deadLetterReason = 'unknown' }) => deadLetterReason);
  return {
    queue: queue.name,
    deadLetters: count,
    reasons: Object.fromEntries(Object.entries(reasons).map(([reason, jobs = []]) => [reason, jobs.length])),
  };
};

/**
 * Sends the dead letters of a queue back to it, at most `perSecond` of them a second, and waits for the end. Their
 * records become queued again and keep the error. SQS moves on also when nobody waits: a worker that gets such a message
 * knows by its age that it was redriven.
 */
export const redriveQueue = async (
  parts: RedriveParts,
  queue: RedriveQueue,
  perSecond: number | undefined,
): Promise<Redriven> => {
  const before = await lookAtDeadLetters(parts, queue);
  if (before.deadLetters === 0) return { ...before, moved: 0, status: 'COMPLETED', requeued: 0 };
  const startedAt = parts.now();
  const [source, destination] = await Promise.all([
    attributesOf(parts.sqs, queue.deadLetterUrl),
    attributesOf(parts.sqs, queue.url),
  ]);
  await parts.sqs.send(
    new StartMessageMoveTaskCommand({
      SourceArn: source.arn,
      // Our workers put dead letters there themselves, so SQS does not know where they came from.
      DestinationArn: destination.arn,
      ...(perSecond === undefined ? {} : { MaxNumberOfMessagesPerSecond: perSecond }),
    }),
  );
  const { moved, status } = await ended(parts, source.arn);
  const requeued = status === 'COMPLETED' ? await requeue(parts, queue.name, startedAt, moved) : 0;
  return { ...before, moved, status, requeued };
};

const ended = async (
  { sqs, sleep }: RedriveParts,
  SourceArn: string,
): Promise<{ readonly moved: number; readonly status: string }> => {
  for (;;) {
    const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }));
    const [task] = Results;
    const status = task?.Status ?? 'UNKNOWN';
    if (status !== 'RUNNING' && status !== 'CANCELLING')
      return { moved: Number(task?.ApproximateNumberOfMessagesMoved ?? 0), status };
    await sleep(1);
  }
};

/** Fewer messages than failed jobs: some message is gone, and nobody knows whose. All are marked to be sent anew; a second message does no harm. */
const requeue = async (
  { store, now }: RedriveParts,
  queue: string,
  startedAt: EpochSeconds,
  moved: number,
): Promise<number> => {
  if (store === undefined) return 0;
  const failed = (await failedJobs(store, queue)).filter(({ finishedAt = 0 }) => finishedAt < startedAt);
  let requeued = 0;
  for (const job of failed) {
    const applied = await store.apply(job, { kind: 'redrive', at: now(), resend: moved < failed.length });
    if (applied.outcome === 'applied') requeued += 1;
  }
  return requeued;
};

const failedJobs = async (store: JobStore | undefined, queue: string): Promise<readonly JobSummary[]> => {
  const failed: JobSummary[] = [];
  for (const tenant of (await store?.tenants()) ?? []) {
    let cursor: string | undefined;
    do {
      const page = await store?.list(tenant, 'failed', { limit: 500, ...(cursor === undefined ? {} : { cursor }) });
      failed.push(...(page?.jobs ?? []).filter((job) => job.queue === queue));
      cursor = page?.cursor;
    } while (cursor !== undefined);
  }
  return failed;
};

const attributesOf = async (
  sqs: SQSClient,
  QueueUrl: string,
): Promise<{ readonly arn: string; readonly count: number }> => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages'] }),
  );
  return { arn: Attributes?.QueueArn ?? '', count: Number(Attributes?.ApproximateNumberOfMessages ?? 0) };
};
