import type { Clock } from '../clock.ts';
import type { QueuePort } from '../ports.ts';
import { errorText, type LifeLog } from '../worker-log.ts';
import { callRetrySeconds } from './retry-delay.ts';

/** Deletes finished messages, those of a few milliseconds in one call. */
export interface Deleter {
  delete(queueUrl: string, receiptHandle: string): void;
  /** Resolves when everything handed in so far is deleted or given up. */
  flush(): Promise<void>;
}

/** SQS takes at most 10 a call. */
const batchMax = 10;
/** Longer would keep FIFO groups waiting; short jobs that end together fit into it. */
const gatherSeconds = 0.005;
/** The pauses before the last try sum up to less than the shortest visibility timeout. */
const attemptsMax = 6;

export const createDeleter = (parts: {
  readonly queues: QueuePort;
  readonly clock: Clock;
  readonly uniform: () => number;
  readonly log: LifeLog;
}): Deleter => {
  const gathering = new Map<string, string[]>();
  const underway = new Set<Promise<void>>();

  const send = async (queueUrl: string, handles: readonly string[]): Promise<void> => {
    let rest = handles;
    for (let attempt = 1; rest.length > 0; attempt += 1) {
      const result = await tryDelete(parts.queues, queueUrl, rest);
      rest = result.rest;
      if (rest.length === 0) return;
      if (attempt === attemptsMax) return parts.log('deleteFailed', { count: rest.length, error: result.error });
      await parts.clock.sleep(callRetrySeconds(attempt, parts.uniform));
    }
  };
  const sendGathered = async (queueUrl: string): Promise<void> => {
    await parts.clock.sleep(gatherSeconds);
    const handles = gathering.get(queueUrl) ?? [];
    gathering.delete(queueUrl);
    const batches = Array.from({ length: Math.ceil(handles.length / batchMax) }, (_, i) =>
      handles.slice(i * batchMax, (i + 1) * batchMax),
    );
    await Promise.all(batches.map((batch) => send(queueUrl, batch)));
  };

  return {
    delete: (queueUrl, receiptHandle) => {
      const gathered = gathering.get(queueUrl);
      if (gathered !== undefined) {
        gathered.push(receiptHandle);
        return;
      }
      gathering.set(queueUrl, [receiptHandle]);
      const sending = sendGathered(queueUrl).finally(() => underway.delete(sending));
      underway.add(sending);
    },
    flush: async () => {
      await Promise.all(underway);
    },
  };
};

const tryDelete = async (
  queues: QueuePort,
  queueUrl: string,
  handles: readonly string[],
): Promise<{ readonly rest: readonly string[]; readonly error?: string }> => {
  try {
    return { rest: await queues.deleteBatch(queueUrl, handles) };
  } catch (error) {
    return { rest: handles, error: errorText(error) };
  }
};
