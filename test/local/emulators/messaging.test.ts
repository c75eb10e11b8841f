import { connect } from 'node:net';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MessagingEmulator, startMessaging } from '../../../lib/local/emulators/start-messaging.ts';

let messaging: MessagingEmulator;
let sqs: SQSClient;
let queueNumber = 0;

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

beforeAll(async () => {
  messaging = await startMessaging('us-east-1');
  sqs = new SQSClient({ endpoint: messaging.endpoint, region: 'us-east-1', credentials });
});
afterAll(() => messaging.stop());

const newQueue = async (attributes: Record<string, string> = {}): Promise<string> => {
  const name = `q${queueNumber++}${attributes.FifoQueue ? '.fifo' : ''}`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  expect(QueueUrl).toBe(messaging.queueUrl(name));
  return messaging.queueUrl(name);
};
const send = (QueueUrl: string, MessageBody: string, more = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const receive = async (QueueUrl: string, WaitTimeSeconds: number, more = {}) =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds, ...more }))).Messages ?? [];
const counts = async (QueueUrl: string): Promise<string> => {
  const { Attributes: a } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return `${a?.ApproximateNumberOfMessages}/${a?.ApproximateNumberOfMessagesNotVisible}/${a?.ApproximateNumberOfMessagesDelayed}`;
};
const becomes = (read: () => Promise<string>, wanted: string) =>
  expect.poll(read, { interval: 50, timeout: 3_000 }).toBe(wanted);

/** A client that asks for messages and is gone before there are any. */
const pollAndVanish = (queueUrl: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({ QueueUrl: queueUrl, WaitTimeSeconds: 20 });
    const socket = connect(Number(new URL(queueUrl).port), '127.0.0.1', () => {
      const head = `POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-amz-target: AmazonSQS.ReceiveMessage\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: ${body.length}\r\n\r\n`;
      socket.write(head + body, () => setTimeout(() => socket.destroy(), 100));
    });
    socket.on('close', () => resolve());
    socket.on('error', reject);
  });

describe.each([
  ['standard', {}, {}],
  ['FIFO', { FifoQueue: 'true', ContentBasedDeduplication: 'true' }, { MessageGroupId: 'g' }],
])('SQS, %s queue', (_kind, attributes, group) => {
  it('counts a delayed message as visible once it is due, though nobody receives', async () => {
    const url = await newQueue({ ...attributes, DelaySeconds: '1' });
    await send(url, 'later', group);
    expect(await counts(url)).toBe('0/0/1');
    await becomes(() => counts(url), '1/0/0');
  });

  it('gives the message of a dead worker back in the counters, though nobody receives', async () => {
    const url = await newQueue({ ...attributes, VisibilityTimeout: '1' });
    await send(url, 'job', group);
    expect(await receive(url, 0)).toHaveLength(1);
    expect(await counts(url)).toBe('0/1/0');
    await becomes(() => counts(url), '1/0/0');
  });

  it('hands no message to a long poll whose client went away', async () => {
    const url = await newQueue(attributes);
    await pollAndVanish(url);
    await send(url, 'job', group);
    const [message] = await receive(url, 1, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(message?.Body).toBe('job');
    expect(message?.Attributes?.ApproximateReceiveCount).toBe('1');
  });

  it('ends one long poll with one message; the others wait out', async () => {
    const url = await newQueue(attributes);
    const startedMs = Date.now();
    const polls = [1, 2, 3].map(async () => ({ got: await receive(url, 1), afterMs: Date.now() - startedMs }));
    setTimeout(() => void send(url, 'one', group), 200);
    const results = await Promise.all(polls);
    expect(results.filter((poll) => poll.got.length === 1)).toHaveLength(1);
    for (const empty of results.filter((poll) => poll.got.length === 0)) expect(empty.afterMs).toBeGreaterThan(950);
  });
});

describe('SQS', () => {
  it('locks a FIFO group while one of its messages is in flight, and wakes the poll when it is free', async () => {
    const url = await newQueue({ FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    await send(url, 'first', { MessageGroupId: 'g' });
    await send(url, 'second', { MessageGroupId: 'g' });
    const [first] = await receive(url, 0);
    expect(await receive(url, 0)).toHaveLength(0);
    const poll = receive(url, 5);
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }),
    );
    expect((await poll)[0]?.Body).toBe('first');
  });

  it('drops what is older than the retention', async () => {
    const url = await newQueue({ MessageRetentionPeriod: '60' });
    await send(url, 'old');
    const realNow = Date.now;
    try {
      Date.now = () => realNow() + 61_000;
      expect(await counts(url)).toBe('0/0/0');
    } finally {
      Date.now = realNow;
    }
  });

  it('moves a message to the dead-letter queue after the last receive', async () => {
    const dead = await newQueue();
    const arn = `arn:aws:sqs:us-east-1:000000000000:${dead.split('/').at(-1)}`;
    const policy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 });
    const url = await newQueue({ VisibilityTimeout: '0', RedrivePolicy: policy });
    await send(url, 'poison');
    expect(await receive(url, 0)).toHaveLength(1);
    expect(await receive(url, 0)).toHaveLength(0);
    expect(await counts(dead)).toBe('1/0/0');
  });

  it('gives no attribute that was not asked for', async () => {
    const url = await newQueue();
    expect((await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url }))).Attributes).toBeUndefined();
  });

  it.each([
    ['WaitTimeSeconds 21', { WaitTimeSeconds: 21 }],
    ['MaxNumberOfMessages 11', { MaxNumberOfMessages: 11 }],
  ])('refuses %s', async (_name, bad) => {
    const QueueUrl = await newQueue();
    await expect(sqs.send(new ReceiveMessageCommand({ QueueUrl, ...bad }))).rejects.toThrow(/invalid/i);
  });

  it('refuses a delay above 900 s', async () => {
    const QueueUrl = await newQueue();
    await expect(send(QueueUrl, 'x', { DelaySeconds: 901 })).rejects.toThrow(/DelaySeconds/);
    const batch = { QueueUrl, Entries: [{ Id: 'a', MessageBody: 'x', DelaySeconds: 901 }] };
    await expect(sqs.send(new SendMessageBatchCommand(batch))).rejects.toThrow(/DelaySeconds/);
  });

  it('stops at once though long polls are open', async () => {
    const other = await startMessaging('us-east-1');
    const client = new SQSClient({ endpoint: other.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    await client.send(new CreateQueueCommand({ QueueName: 'open' }));
    const poll = client.send(new ReceiveMessageCommand({ QueueUrl: other.queueUrl('open'), WaitTimeSeconds: 20 }));
    const ended = expect(poll).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const startedMs = Date.now();
    await other.stop();
    await ended;
    expect(Date.now() - startedMs).toBeLessThan(1_000);
  });
});

describe('S3', () => {
  it('keeps objects, path style, on the same port', async () => {
    const s3 = new S3Client({ endpoint: messaging.endpoint, region: 'us-east-1', credentials });
    await s3.send(new CreateBucketCommand({ Bucket: 'results' }));
    await s3.send(new PutObjectCommand({ Bucket: 'results', Key: 'a/b', Body: 'text' }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'results', Key: 'a/b' }));
    expect(await Body?.transformToString()).toBe('text');
    await expect(s3.send(new GetObjectCommand({ Bucket: 'results', Key: 'none' }))).rejects.toThrow(
      expect.objectContaining({ name: 'NoSuchKey' }),
    );
  });
});
