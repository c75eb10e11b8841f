import type { SqsQueue } from './start-messaging.ts';

/** A backlog of 100,000 must not be walked through on each call. */
const sweepEveryMs = 1_000;

/** Drops what is older than `MessageRetentionPeriod`; fauxqs checks that value's range and then forgets it. */
export const createRetention = (): ((queue: SqsQueue, nowMs: number) => void) => {
  const sweptAtMs = new WeakMap<SqsQueue, number>();
  return (queue, nowMs) => {
    if (nowMs - (sweptAtMs.get(queue) ?? Number.NEGATIVE_INFINITY) < sweepEveryMs) return;
    sweptAtMs.set(queue, nowMs);
    const oldest = nowMs - Number(queue.attributes.MessageRetentionPeriod) * 1000;
    const young = (message: { readonly sentTimestamp: number }) => message.sentTimestamp > oldest;
    if (!queue.messages.every(young)) queue.messages = queue.messages.filter(young);
    for (const [group, messages] of queue.fifoMessages) queue.fifoMessages.set(group, messages.filter(young));
    for (const [handle, entry] of queue.inflightMessages) {
      if (!young(entry.message)) queue.deleteMessage(handle);
    }
  };
};
