import { setTimeout as delay } from 'node:timers/promises';
import type { buildApp } from 'fauxqs';
import { hasReceivableMessage } from './has-receivable-message.ts';
import { createMoveTasks } from './move-tasks.ts';
import { createRetention } from './retention.ts';
import type { SqsQueue, SqsStore } from './start-messaging.ts';

const pollStepMs = 20;
const maxDelaySeconds = 900;
const jsonType = 'application/x-amz-json-1.0';

interface SqsBody {
  QueueUrl?: unknown;
  WaitTimeSeconds?: number;
  DelaySeconds?: number;
  Entries?: readonly { readonly DelaySeconds?: number }[];
  AttributeNames?: readonly string[];
}

/**
 * Makes fauxqs behave as SQS does where an autoscaler looks:
 * - time passes also while nobody receives: a due delayed message and one of a dead worker become visible in the counters;
 * - a long poll whose client went away takes no message;
 * - one message ends one long poll, not all of them;
 * - dead letters can be moved back, as a task with a rate;
 * - a message older than the queue's retention is gone;
 * - GetQueueAttributes gives only what was asked for;
 * - a delay above 900 s is refused (in a batch AWS refuses the entry; here the whole batch, which is louder).
 */
export const truthfulSqs = (app: ReturnType<typeof buildApp>, store: SqsStore, closing: AbortSignal): void => {
  const retention = createRetention();
  const moveTasks = createMoveTasks(store, closing);
  app.addHook('preHandler', async (request, reply) => {
    const action = sqsAction(request.headers['x-amz-target']);
    if (action === undefined) return;
    const moved = moveTasks(action, request.body as object);
    if (moved !== undefined) return reply.code(moved.status).type(jsonType).send(JSON.stringify(moved.body));
    const body = request.body as SqsBody;
    const queue = typeof body.QueueUrl === 'string' ? store.getQueue(body.QueueUrl) : undefined;
    if (queue === undefined) return;
    passTime(queue, retention);
    if (action === 'GetQueueAttributes' && !body.AttributeNames?.length) {
      return reply.type(jsonType).send('{}');
    }
    if (sendDelays(body).some((seconds) => seconds > maxDelaySeconds)) {
      const message = `DelaySeconds must be >= 0 and <= ${maxDelaySeconds}.`;
      return reply
        .code(400)
        .type(jsonType)
        .send(JSON.stringify({ __type: 'InvalidParameterValue', message }));
    }
    if (action !== 'ReceiveMessage') return;
    const gone = () => request.raw.socket.destroyed || closing.aborted;
    await longPoll(queue, body, gone, () => passTime(queue, retention));
    if (gone()) reply.hijack();
  });
};

const sqsAction = (target: string | string[] | undefined): string | undefined =>
  typeof target === 'string' && target.startsWith('AmazonSQS.') ? target.slice('AmazonSQS.'.length) : undefined;

const sendDelays = (body: SqsBody): readonly number[] =>
  [body, ...(body.Entries ?? [])].map((message) => message.DelaySeconds ?? 0);

const passTime = (queue: SqsQueue, retention: (queue: SqsQueue, nowMs: number) => void): void => {
  queue.processTimers();
  retention(queue, Date.now());
};

/** Waits here instead of in fauxqs, and then asks it not to wait any more. */
const longPoll = async (queue: SqsQueue, body: SqsBody, gone: () => boolean, refresh: () => void): Promise<void> => {
  const waitSeconds = body.WaitTimeSeconds ?? Number(queue.attributes.ReceiveMessageWaitTimeSeconds);
  // A bad value is left for fauxqs to refuse.
  if (!(waitSeconds > 0 && waitSeconds <= 20)) return;
  const deadline = Date.now() + waitSeconds * 1000;
  while (!gone() && !hasReceivableMessage(queue) && Date.now() < deadline) {
    await delay(pollStepMs);
    refresh();
  }
  body.WaitTimeSeconds = 0;
};
