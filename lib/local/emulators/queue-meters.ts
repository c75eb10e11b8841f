import type { SqsQueue, SqsStore } from './start-messaging.ts';

/** What CloudWatch would say of one queue. */
export interface QueueFigures {
  readonly queue: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Absent: the queue is empty. */
  readonly oldestAgeSeconds?: number;
  /** Since the last reading. */
  readonly sent: number;
  readonly received: number;
  readonly deleted: number;
}

export interface QueueMeters {
  /** Reads all queues and begins to count anew. */
  read(nowMs: number): readonly QueueFigures[];
}

/** Received so often without being deleted, a message is moved to the back, and its age no longer counts. */
const poisonReceives = 3;

/** Counts what happens to the queues of a store. To be made before the first queue is. */
export const createQueueMeters = (store: SqsStore): QueueMeters => {
  const counts = new WeakMap<SqsQueue, Counts>();
  const create = store.createQueue.bind(store);
  store.createQueue = (...args) => {
    const queue = create(...args);
    if (!counts.has(queue)) counts.set(queue, meter(queue));
    return queue;
  };
  return {
    read: (nowMs) =>
      [...store.allQueues()].map((queue) => {
        queue.processTimers();
        const { sent = 0, received = 0, deleted = 0 } = counts.get(queue) ?? {};
        Object.assign(counts.get(queue) ?? {}, noCounts);
        return { ...gaugesOf(queue, nowMs), sent, received, deleted };
      }),
  };
};

interface Counts {
  sent: number;
  received: number;
  deleted: number;
}
const noCounts: Counts = { sent: 0, received: 0, deleted: 0 };

const meter = (queue: SqsQueue): Counts => {
  const counts: Counts = { ...noCounts };
  const { enqueue, dequeue, deleteMessage } = queue;
  queue.enqueue = (message) => {
    // What was received before comes from another queue, as a dead letter: AWS does not count that as sent.
    if (message.approximateReceiveCount === 0) counts.sent += 1;
    enqueue.call(queue, message);
  };
  queue.dequeue = (...args) => {
    const messages = dequeue.apply(queue, args);
    counts.received += messages.length;
    return messages;
  };
  queue.deleteMessage = (receiptHandle) => {
    const deleted = deleteMessage.call(queue, receiptHandle);
    if (deleted) counts.deleted += 1;
    return deleted;
  };
  return counts;
};

const gaugesOf = (queue: SqsQueue, nowMs: number): Omit<QueueFigures, keyof Counts> => {
  const visible = [...queue.messages, ...[...queue.fifoMessages.values()].flat()];
  const inFlight = [...queue.inflightMessages.values()].map(({ message }) => message);
  const delayed = [...queue.delayedMessages, ...[...queue.fifoDelayed.values()].flat()];
  const active = [...visible, ...inFlight];
  const sound = active.filter((message) => message.approximateReceiveCount < poisonReceives);
  const oldest = (sound.length > 0 ? sound : active).reduce(
    (earliest, { sentTimestamp }) => Math.min(earliest, sentTimestamp),
    Number.POSITIVE_INFINITY,
  );
  return {
    queue: queue.name,
    visible: visible.length,
    inFlight: inFlight.length,
    delayed: delayed.length,
    ...(active.length > 0 && { oldestAgeSeconds: Math.max(0, (nowMs - oldest) / 1000) }),
  };
};
