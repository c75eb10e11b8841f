import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SqsQueue, SqsStore } from './start-messaging.ts';

interface MoveTask {
  readonly handle: string;
  readonly source: string;
  readonly destination: string | undefined;
  readonly rate: number;
  readonly startedMs: number;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  failure?: string;
}

interface MoveBody {
  readonly SourceArn?: string;
  readonly DestinationArn?: string;
  readonly MaxNumberOfMessagesPerSecond?: number;
  readonly TaskHandle?: string;
  readonly MaxResults?: number;
}

export interface MoveAnswer {
  readonly status: number;
  readonly body: object;
}

/** What SQS moves in a second where nobody says: it adapts, up to 500. */
const rateMax = 500;

/**
 * StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask, which fauxqs does not have. As on AWS: the
 * source must be some queue's dead-letter queue, one task at a time for it, and what moves is a new message with an id,
 * a sent time and receive counts of its own. `undefined`: none of these actions.
 */
export const createMoveTasks = (
  store: SqsStore,
  closing: AbortSignal,
): ((action: string, body: MoveBody) => MoveAnswer | undefined) => {
  const tasks: MoveTask[] = [];

  const start = ({ SourceArn = '', DestinationArn, MaxNumberOfMessagesPerSecond }: MoveBody): MoveAnswer => {
    const source = store.getQueueByArn(SourceArn);
    if (source === undefined) return refuse('ResourceNotFoundException', 'The source queue does not exist.');
    if (DestinationArn !== undefined && store.getQueueByArn(DestinationArn) === undefined) {
      return refuse('ResourceNotFoundException', 'The destination queue does not exist.');
    }
    const senders = [...store.allQueues()].filter((queue) => deadLettersOf(queue) === SourceArn);
    if (senders.length === 0) {
      return refuse('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
    }
    if (tasks.some((task) => task.source === SourceArn && task.status === 'RUNNING')) {
      return refuse(
        'UnsupportedOperation',
        'There is already a task running. Only one active task is allowed for a source queue.',
      );
    }
    const rate = MaxNumberOfMessagesPerSecond ?? rateMax;
    if (!(rate >= 1 && rate <= rateMax)) {
      return refuse('InvalidParameterValue', `MaxNumberOfMessagesPerSecond must be from 1 to ${rateMax}.`);
    }
    const task: MoveTask = {
      handle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: SourceArn })).toString('base64'),
      source: SourceArn,
      destination: DestinationArn ?? senders[0]?.arn,
      rate,
      startedMs: Date.now(),
      toMove: lengthOf(source),
      moved: 0,
      status: 'RUNNING',
    };
    tasks.push(task);
    void run(task, source);
    return { status: 200, body: { TaskHandle: task.handle } };
  };

  const run = async (task: MoveTask, source: SqsQueue): Promise<void> => {
    while (task.status === 'RUNNING' && !closing.aborted) {
      const due = Math.floor(((Date.now() - task.startedMs) / 1000) * task.rate) + 1;
      while (task.moved < due) {
        source.processTimers();
        const [taken] = source.dequeue(1, 30);
        if (taken === undefined) {
          task.status = 'COMPLETED';
          return;
        }
        const entry = source.inflightMessages.get(taken.ReceiptHandle);
        const destination = store.getQueueByArn(task.destination ?? '');
        if (entry === undefined || destination === undefined) {
          task.status = 'FAILED';
          task.failure = 'AWS.SimpleQueueService.NonExistentQueue';
          return;
        }
        const { delayUntil: _d, approximateFirstReceiveTimestamp: _f, ...message } = entry.message;
        destination.enqueue({
          ...message,
          messageId: randomUUID(),
          sentTimestamp: Date.now(),
          approximateReceiveCount: 0,
          ...(destination.isFifo() ? { sequenceNumber: destination.nextSequenceNumber() } : {}),
        });
        source.deleteMessage(taken.ReceiptHandle);
        task.moved += 1;
      }
      await delay(20, undefined, { signal: closing }).catch(() => undefined);
    }
    if (task.status === 'CANCELLING') task.status = 'CANCELLED';
  };

  const list = ({ SourceArn, MaxResults = 1 }: MoveBody): MoveAnswer => {
    const found = tasks.filter((task) => task.source === SourceArn).toReversed();
    return { status: 200, body: { Results: found.slice(0, MaxResults).map(described) } };
  };
  const cancel = ({ TaskHandle }: MoveBody): MoveAnswer => {
    const task = tasks.find(({ handle, status }) => handle === TaskHandle && status === 'RUNNING');
    if (task === undefined) return refuse('ResourceNotFoundException', 'Task does not exist.');
    task.status = 'CANCELLING';
    return { status: 200, body: { ApproximateNumberOfMessagesMoved: task.moved } };
  };

  return (action, body) => {
    if (action === 'StartMessageMoveTask') return start(body);
    if (action === 'ListMessageMoveTasks') return list(body);
    return action === 'CancelMessageMoveTask' ? cancel(body) : undefined;
  };
};

const described = (task: MoveTask): object => ({
  ...(task.status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
  Status: task.status,
  SourceArn: task.source,
  DestinationArn: task.destination,
  MaxNumberOfMessagesPerSecond: task.rate,
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  StartedTimestamp: task.startedMs,
  ...(task.failure === undefined ? {} : { FailureReason: task.failure }),
});

const refuse = (type: string, message: string): MoveAnswer => ({ status: 400, body: { __type: type, message } });

const deadLettersOf = (queue: SqsQueue): string | undefined => {
  const policy = queue.attributes.RedrivePolicy;
  return policy ? (JSON.parse(policy) as { readonly deadLetterTargetArn?: string }).deadLetterTargetArn : undefined;
};

const lengthOf = (queue: SqsQueue): number =>
  queue.messages.length + [...queue.fifoMessages.values()].reduce((sum, messages) => sum + messages.length, 0);
