import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { JobCounts } from '../../model/job-counts.ts';
import type { Seconds } from '../../model/units.ts';
import type { WorkloadJob } from '../../simulate/workload.ts';
import { type Clock, systemClock } from '../../worker/clock.ts';
import type { JobLine } from '../../worker/worker-log.ts';
import { accountsOf, countOf, sumAccounts } from './accounts.ts';
import { createBooks, type QueueCount } from './books.ts';
import { uploadPayloads } from './payloads.ts';
import { readDeadJobIds, readQueueCounts, readResultIds } from './read-truth.ts';
import { sendJobs } from './send-jobs.ts';
import { type ServiceWaits, waitsOf } from './waits.ts';

export interface LoadParts {
  readonly clients: { readonly sqs: SQSClient; readonly s3: S3Client };
  /** Where payloads lie and results go. */
  readonly bucket: string;
  /** By the queue's name in the config. */
  readonly queues: Readonly<Record<string, LoadQueue>>;
  /** In order of time. */
  readonly workload: readonly WorkloadJob[];
  readonly clock?: Clock;
}

export interface LoadQueue {
  readonly url: string;
  readonly deadLetterUrl?: string;
}

export interface FinalAccounts extends JobCounts {
  readonly services: Readonly<Record<string, JobCounts>>;
}

/** Sends the jobs of a run and keeps the books about them. */
export interface Load {
  /** Uploads the payloads, then sends each job at its time. Resolves when the last one is accepted. */
  start(): Promise<void>;
  /** Sends no more. */
  stop(): void;
  /** Takes a line of a worker's stdout; what is no job line is left alone. */
  onWorkerLine(line: string | object): void;
  /**
   * As far as one can see from outside during the run: results from the workers' lines, the rest from the queues'
   * counters of the last second. `lost` is what three looks in a row could not find.
   */
  accounts(): FinalAccounts;
  /**
   * Waits until the queues are empty (at most `timeoutSeconds`, default 60), then counts the truth: result objects
   * and dead-letter queues.
   */
  settle(timeoutSeconds?: Seconds): Promise<FinalAccounts>;
  /** Ids of the jobs that this load has sent, by service. */
  submitted(): Readonly<Record<string, ReadonlySet<string>>>;
  /** By service. */
  waits(): Readonly<Record<string, ServiceWaits>>;
}

const lookEverySeconds: Seconds = 1;

export const createLoad = (parts: LoadParts): Load => {
  const { clients, bucket, queues, workload } = parts;
  const clock = parts.clock ?? systemClock;
  const books = createBooks(workload);
  const stopped = new AbortController();
  const watching = new AbortController();

  const look = async (): Promise<void> => {
    const counts = await Promise.all(
      Object.entries(queues).map(async ([name, queue]) => [name, await countsOf(clients.sqs, queue)] as const),
    );
    books.counted(Object.fromEntries(counts));
  };
  const watch = async (): Promise<void> => {
    while (!watching.signal.aborted) {
      // A look that fails leaves the last one standing; the next comes in a second.
      await look().catch(() => {});
      await clock.sleep(lookEverySeconds, watching.signal);
    }
  };
  const untilEmpty = async (timeoutSeconds: Seconds): Promise<void> => {
    const giveUpAt = clock.now() + timeoutSeconds;
    // Once is not enough: between a receive and a retry both counters may be caught at zero.
    for (let emptyLooks = 0; emptyLooks < 2 && clock.now() < giveUpAt; ) {
      await look().catch(() => {});
      emptyLooks = books.empty() ? emptyLooks + 1 : 0;
      if (emptyLooks < 2) await clock.sleep(lookEverySeconds / 2);
    }
  };

  return {
    start: async () => {
      await uploadPayloads(clients.s3, bucket, workload);
      void watch();
      await sendJobs({
        sqs: clients.sqs,
        clock,
        urlOf: (queue) => urlOf(queues, queue),
        workload,
        onSent: books.sent,
        signal: stopped.signal,
      });
    },
    stop: () => {
      stopped.abort();
      watching.abort();
    },
    onWorkerLine: (line) => {
      const job = asJobLine(line);
      if (job !== undefined) books.finished(job);
    },
    accounts: books.accounts,
    settle: async (timeoutSeconds = 60) => {
      watching.abort();
      await untilEmpty(timeoutSeconds);
      const done = await readResultIds(clients.s3, bucket);
      const dead = await Promise.all(
        Object.values(queues).map(({ deadLetterUrl }) =>
          deadLetterUrl === undefined ? new Set<string>() : readDeadJobIds(clients.sqs, deadLetterUrl),
        ),
      );
      const failed = new Set(dead.flatMap((ids) => [...ids]));
      const services = Object.fromEntries(
        books.services().map(({ service, submitted, queued, running }) => {
          const found = { done: countOf(done, submitted), failed: countOf(failed, submitted, done), queued, running };
          return [service, accountsOf({ submitted: submitted.size, ...found })] as const;
        }),
      );
      return { ...sumAccounts(Object.values(services)), services };
    },
    submitted: () => Object.fromEntries(books.services().map(({ service, submitted }) => [service, submitted])),
    waits: () =>
      Object.fromEntries(
        books.services().map(({ service, lines }) => [service, waitsOf([...lines.values()])] as const),
      ),
  };
};

const countsOf = async (sqs: SQSClient, queue: LoadQueue): Promise<QueueCount> => {
  const [own, dead] = await Promise.all([
    readQueueCounts(sqs, queue.url),
    queue.deadLetterUrl === undefined ? undefined : readQueueCounts(sqs, queue.deadLetterUrl),
  ]);
  return { ...own, dead: dead === undefined ? 0 : dead.queued + dead.running };
};

const urlOf = (queues: Readonly<Record<string, LoadQueue>>, name: string): string => {
  const queue = queues[name];
  if (queue === undefined)
    throw new Error(`the workload names queue "${name}", the run has ${Object.keys(queues).join(', ')}`);
  return queue.url;
};

const asJobLine = (line: string | object): JobLine | undefined => {
  const value = typeof line === 'string' ? parsed(line) : line;
  return (value as { sluice?: unknown } | undefined)?.sluice === 'job' ? (value as JobLine) : undefined;
};

const parsed = (line: string): unknown => {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
