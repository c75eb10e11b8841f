import type { Seconds } from '../../model/units.ts';

export interface WorkerQueue {
  readonly name: string;
  readonly url: string;
  readonly startWithinSeconds: Seconds;
  readonly fifo: boolean;
  /** Where jobs go that failed for good. Absent: SQS' own redrive policy decides. */
  readonly deadLetterUrl?: string;
}

/**
 * Which queue is asked first. The most urgent one (shortest promise), but every fourth round begins with another
 * queue in turn: an urgent queue that never runs dry must not starve the others.
 */
export const pollOrder = <Q extends { readonly startWithinSeconds: Seconds }>(
  queues: readonly Q[],
  round: number,
): readonly Q[] => {
  const byUrgency = queues.toSorted((a, b) => a.startWithinSeconds - b.startWithinSeconds);
  if (round % 4 !== 3 || byUrgency.length < 2) return byUrgency;
  const first = 1 + (Math.floor(round / 4) % (byUrgency.length - 1));
  return [...byUrgency.slice(first), ...byUrgency.slice(0, first)];
};

/**
 * How long a poll of an empty queue may wait. Alone: as long as SQS allows, which is cheapest. With others: the polls
 * follow each other, so that a job of the most urgent queue waits for the others' polls at most a quarter of its promise.
 */
export const idleWaitSeconds = (queues: readonly { readonly startWithinSeconds: Seconds }[]): Seconds => {
  if (queues.length < 2) return 20;
  const promise = Math.min(...queues.map((queue) => queue.startWithinSeconds));
  return Math.max(1, Math.min(20, Math.floor(promise / 4 / (queues.length - 1))));
};
