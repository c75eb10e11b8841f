import type { Seconds } from '../../model/units.ts';
import type { Clock } from '../clock.ts';
import type { QueueCounts, QueuePort } from '../ports.ts';
import type { WorkerQueue } from '../queue/poll-order.ts';

/** SQS' own counters are no fresher, and each look is a paid request. */
const keepSeconds: Seconds = 15;

/** How long the worker's queues are, looked up when somebody asks. Null: could not be read. */
export const createQueueLengths = (
  watched: readonly WorkerQueue[],
  queues: QueuePort,
  clock: Pick<Clock, 'now'>,
): (() => Promise<Readonly<Record<string, QueueCounts | null>>>) => {
  let seen:
    | { readonly at: number; readonly lengths: Promise<Readonly<Record<string, QueueCounts | null>>> }
    | undefined;
  const look = async (): Promise<Readonly<Record<string, QueueCounts | null>>> =>
    Object.fromEntries(
      await Promise.all(
        watched.map(async ({ name, url }) => [name, await queues.counts(url).catch(() => null)] as const),
      ),
    );
  return () => {
    if (seen === undefined || clock.now() - seen.at > keepSeconds) seen = { at: clock.now(), lengths: look() };
    return seen.lengths;
  };
};
