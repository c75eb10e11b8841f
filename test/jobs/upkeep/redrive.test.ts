import { setTimeout as delay } from 'node:timers/promises';
import {
  CancelMessageMoveTaskCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lookAtDeadLetters, redriveQueue } from '../../../lib/jobs/upkeep/redrive.ts';
import { type MessagingEmulator, startMessaging } from '../../../lib/local/emulators/start-messaging.ts';
import { localCredentials } from '../../act/local-table.ts';
import { MemoryJobStore } from '../memory-job-store.ts';

let messaging: MessagingEmulator;
let sqs: SQSClient;
let queues = 0;
beforeAll(async () => {
  messaging = await startMessaging('us-east-1');
  sqs = new SQSClient({ endpoint: messaging.endpoint, region: 'us-east-1', credentials: localCredentials });
});
afterAll(() => messaging.stop());

/** A queue with dead letters `d0`, `d1`, …, all of failed jobs. */
const withDeadLetters = async (count: number, fifo = false) => {
  queues += 1;
  const suffix = fifo ? '.fifo' : '';
  const FifoQueue = fifo ? { FifoQueue: 'true' } : {};
  const name = `q${queues}${suffix}`;
  const dead = `q${queues}-dead${suffix}`;
  await sqs.send(new CreateQueueCommand({ QueueName: dead, Attributes: { ...FifoQueue } }));
  const arn = `arn:aws:sqs:us-east-1:000000000000:${dead}`;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 4 });
  await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { ...FifoQueue, RedrivePolicy } }));
  const queue = { name, url: messaging.queueUrl(name), deadLetterUrl: messaging.queueUrl(dead) };
  const store = new MemoryJobStore();
  for (let i = 0; i < count; i += 1) {
    const jobId = `d${i}`;
    const at = Date.now() / 1000;
    const job = { tenant: '-', jobId, type: 't', queue: name, payload: '', submittedAt: at, expiresAt: at + 9999 };
    await store.accept(job);
    await store.apply(job, { kind: 'sent', at });
    await store.apply(job, { kind: 'begin', at, messageId: 'm', messageSentAt: at });
    const error = { name: 'TypeError', message: 'no such file' };
    await store.apply(job, { kind: 'fail', at, error, reason: i % 2 ? 'poison' : 'permanent' });
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queue.deadLetterUrl,
        MessageBody: jobId,
        MessageAttributes: { jobId: { DataType: 'String', StringValue: jobId } },
        ...(fifo ? { MessageGroupId: `g${i % 2}`, MessageDeduplicationId: jobId } : {}),
      }),
    );
  }
  const parts = { sqs, store, sleep: () => delay(5), now: () => Date.now() / 1000 };
  return { queue, store, parts, arn };
};
const counted = async (QueueUrl: string): Promise<number> => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
};

it.each([false, true])(
  'moves all dead letters back, and their records are queued again with their error (FIFO: %s)',
  async (fifo) => {
    const { queue, store, parts } = await withDeadLetters(5, fifo);
    expect(await redriveQueue(parts, queue, 500)).toEqual({
      queue: queue.name,
      deadLetters: 5,
      reasons: { permanent: 3, poison: 2 },
      moved: 5,
      status: 'COMPLETED',
      requeued: 5,
    });
    expect([await counted(queue.deadLetterUrl), await counted(queue.url)]).toEqual([0, 5]);
    const record = await store.get({ tenant: '-', jobId: 'd1' });
    expect(record).toMatchObject({
      state: 'queued',
      redrives: 1,
      error: { message: 'no such file' },
      deadLetterReason: 'poison',
    });
    expect(record?.sentAt).toBeDefined();
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queue.url,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        MessageAttributeNames: ['All'],
      }),
    );
    expect(Messages[0]?.Attributes?.ApproximateReceiveCount).toBe('1');
    expect(Messages[0]?.MessageAttributes?.jobId?.StringValue).toBe('d0');
  },
);

it('says what it would do, and does nothing', async () => {
  const { queue, store, parts } = await withDeadLetters(3);
  expect(await lookAtDeadLetters(parts, queue)).toEqual({
    queue: queue.name,
    deadLetters: 3,
    reasons: { permanent: 2, poison: 1 },
  });
  expect(await counted(queue.deadLetterUrl)).toBe(3);
  expect((await store.list('-', 'failed')).jobs).toHaveLength(3);
});

it('keeps to the rate', async () => {
  const { queue, parts } = await withDeadLetters(4);
  const startedAt = Date.now();
  await redriveQueue(parts, queue, 10);
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(290);
});

it('has a message that is gone sent anew', async () => {
  const { queue, store, parts } = await withDeadLetters(2);
  const job = { tenant: '-', jobId: 'purged', type: 't', queue: queue.name, payload: '', submittedAt: 1, expiresAt: 2 };
  await store.accept(job);
  await store.apply(job, { kind: 'fail', at: 1, error: { name: 'E', message: '' }, reason: 'permanent' });
  expect(await redriveQueue(parts, queue, 500)).toMatchObject({ moved: 2, requeued: 3 });
  expect((await store.get(job))?.sentAt).toBeUndefined();
});

it('does nothing where there is nothing', async () => {
  const { queue, parts } = await withDeadLetters(0);
  expect(await redriveQueue(parts, queue, undefined)).toMatchObject({ deadLetters: 0, moved: 0, status: 'COMPLETED' });
});

it('one task at a time, a source that is some queue’s dead letters, and a rate as on AWS', async () => {
  const { queue, arn } = await withDeadLetters(20);
  const start = (more: object = {}) =>
    sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn, MaxNumberOfMessagesPerSecond: 1, ...more }));
  await expect(start({ SourceArn: arn.replace('-dead', '') })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  await expect(start({ SourceArn: `${arn}x` })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(start({ MaxNumberOfMessagesPerSecond: 501 })).rejects.toThrow('500');
  const { TaskHandle } = await start();
  await expect(start()).rejects.toMatchObject({ name: 'UnsupportedOperation' });
  await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
  expect(await counted(queue.deadLetterUrl)).toBeGreaterThanOrEqual(18);
});
