import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootEmulators, type Emulators } from '../../lib/local/emulators/boot-emulators.ts';
import { dynamoBeacon } from '../../lib/worker/beacon/dynamo-beacon.ts';
import { systemClock } from '../../lib/worker/clock.ts';
import { deadLetterOf } from '../../lib/worker/delivery/dead-letter.ts';
import { dynamoMarks } from '../../lib/worker/delivery/dynamo-marks.ts';
import { type QueuePort, ReceiptLost } from '../../lib/worker/ports.ts';
import { sqsQueue } from '../../lib/worker/queue/sqs-queue.ts';
import { createFakeQueue, fakeUrl } from './fake-queue.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let emulators: Emulators;
let sqs: SQSClient;
let dynamodb: DynamoDBClient;

beforeAll(async () => {
  emulators = await bootEmulators();
  sqs = new SQSClient({ region: 'us-east-1', endpoint: emulators.messaging.endpoint, credentials });
  dynamodb = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: emulators.dynamoDb.endpoint,
    credentials,
    maxAttempts: 1,
  });
});
afterAll(async () => {
  sqs.destroy();
  dynamodb.destroy();
  await emulators.stop();
});

interface Subject {
  readonly port: QueuePort;
  readonly url: string;
  send(jobId: string): Promise<void>;
}

const fake = async (): Promise<Subject> => {
  const queue = createFakeQueue(systemClock);
  return { port: queue, url: fakeUrl, send: async (jobId) => queue.put(jobId) };
};

let queueCount = 0;
const real = async (): Promise<Subject> => {
  queueCount += 1;
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `contract-${queueCount}` }));
  const send = async (jobId: string): Promise<void> => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: '{}',
        MessageAttributes: { jobId: { DataType: 'String', StringValue: jobId } },
      }),
    );
  };
  return { port: sqsQueue(sqs), url, send };
};

/** The fake that the worker's tests believe in and the SDK against an emulator keep the same promises. */
describe.each([
  ['the fake queue', fake],
  ['SQS through the SDK', real],
])('%s', (_name, make) => {
  const never = new AbortController().signal;
  const request = { max: 10, waitSeconds: 0, visibilitySeconds: 30 };

  it('gives a message with what a job needs to know', async () => {
    const { port, url, send } = await make();
    const before = Date.now() / 1000;
    await send('a');
    const [message] = await port.receive(url, request, never);
    expect(message).toMatchObject({ attributes: { jobId: 'a' }, body: '{}', receiveCount: 1 });
    expect(Math.abs((message?.sentAt ?? 0) - before)).toBeLessThan(2);
    expect(Math.abs((message?.firstReceivedAt ?? 0) - before)).toBeLessThan(2);
  });

  it('hides what was received until it is released, and counts the receives', async () => {
    const { port, url, send } = await make();
    await send('a');
    const [first] = await port.receive(url, request, never);
    expect(await port.receive(url, request, never)).toEqual([]);
    await port.changeVisibility(url, first?.receiptHandle ?? '', 0);
    const [second] = await port.receive(url, request, never);
    expect(second?.receiveCount).toBe(2);
    expect(second?.firstReceivedAt).toBeCloseTo(first?.firstReceivedAt ?? 0, 2);
  });

  it('deletes in batches, and says that a handle is lost', async () => {
    const { port, url, send } = await make();
    await Promise.all(['a', 'b'].map(send));
    const messages = await port.receive(url, request, never);
    expect(messages).toHaveLength(2);
    const handles = messages.map((message) => message.receiptHandle);
    expect(await port.deleteBatch(url, handles)).toEqual([]);
    await expect(port.changeVisibility(url, handles[0] ?? '', 30)).rejects.toBeInstanceOf(ReceiptLost);
  });

  it('ends a long poll when its signal fires, and with a message as soon as there is one', async () => {
    const { port, url, send } = await make();
    const stop = new AbortController();
    const aborted = port.receive(url, { ...request, waitSeconds: 20 }, stop.signal);
    stop.abort();
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });

    const waiting = port.receive(url, { ...request, waitSeconds: 20 }, never);
    await send('a');
    expect(await waiting).toHaveLength(1);
  });
});

describe('the beacon through the SDK', () => {
  it('adds to the totals of one item', async () => {
    await dynamodb.send(
      new CreateTableCommand({
        TableName: 'sluice',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
      }),
    );
    const beacon = dynamoBeacon(dynamodb, 'sluice', 'convert');
    expect(await beacon.add({ started: 2, 'w_my-jobs.fifo_3': 2 }, 1000.7)).toBe('applied');
    expect(await beacon.add({ started: 1, late: 1 }, 1010)).toBe('applied');
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: 'sluice', Key: { pk: { S: 'SVC#convert' }, sk: { S: 'WORK' } } }),
    );
    expect(Item).toEqual({
      pk: { S: 'SVC#convert' },
      sk: { S: 'WORK' },
      at: { N: '1010' },
      started: { N: '3' },
      late: { N: '1' },
      'w_my-jobs.fifo_3': { N: '2' },
    });
  });

  it('stays far below the size of one write unit, also with ten queues and large totals', () => {
    const bins = Array.from({ length: 130 }, (_, i) => `w_queue${Math.floor(i / 13)}_${i % 13}`);
    const oneQueue = [
      'started',
      'late',
      'completed',
      'failed',
      'busySlotMs',
      'serviceMs',
      'ready',
      'readyDelayMs',
      'at',
    ];
    // DynamoDB counts the name, and for a number half a byte a digit plus one or two.
    const bytes = (names: readonly string[]): number => names.reduce((sum, name) => sum + name.length + 9, 0);
    expect(bytes([...oneQueue, ...bins.slice(0, 13)])).toBeLessThan(512);
  });

  it('tells a refusal from an open outcome', async () => {
    expect(await dynamoBeacon(dynamodb, 'no-such-table', 'convert').add({ started: 1 }, 1)).toBe('refused');
    const nobody = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:9',
      credentials,
      maxAttempts: 1,
    });
    expect(await dynamoBeacon(nobody, 'sluice', 'convert').add({ started: 1 }, 1)).toBe('refused');
  });
});

describe('what goes to a dead-letter queue', () => {
  const never = new AbortController().signal;
  const request = { max: 1, waitSeconds: 0, visibilitySeconds: 30 };

  it.each([
    ['moved.fifo', { FifoQueue: 'true' }],
    ['moved', undefined],
  ])('keeps body, group and typed attributes, and says why: %s', async (name, Attributes) => {
    const port = sqsQueue(sqs);
    const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `source-${name}`, Attributes }));
    const { QueueUrl: dead = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `dead-${name}`, Attributes }));
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: 'the body',
        MessageAttributes: {
          jobId: { DataType: 'String', StringValue: 'a' },
          pages: { DataType: 'Number', StringValue: '3' },
          raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 3]) },
        },
        ...(Attributes === undefined ? {} : { MessageGroupId: 'tenant-1', MessageDeduplicationId: 'a' }),
      }),
    );
    const [message] = await port.receive(url, request, never);
    if (message === undefined) throw new Error('no message');
    const error = new Error('broken \u0000 file');
    await port.send(dead, deadLetterOf(message, 'jobs', 'permanent', error));

    const [moved] = await port.receive(dead, request, never);
    expect(moved).toMatchObject({
      body: 'the body',
      attributes: {
        jobId: 'a',
        pages: '3',
        dlqReason: 'permanent',
        dlqError: 'Error: broken \uFFFD file',
        dlqQueue: 'jobs',
      },
      ...(Attributes === undefined ? {} : { groupId: 'tenant-1' }),
    });
    expect(moved?.typedAttributes?.raw).toMatchObject({ DataType: 'Binary' });
    expect([...(moved?.typedAttributes?.raw?.BinaryValue ?? [])]).toEqual([1, 2, 3]);
    expect(await port.counts(dead)).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  });

  it('never has more than ten attributes, and the job’s own come first', () => {
    const attributes = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`own${i}`, 'x']));
    const message = {
      messageId: 'm',
      receiptHandle: 'h',
      body: '',
      attributes: { ...attributes, dlqReason: 'of an earlier time' },
      sentAt: 0,
      firstReceivedAt: 0,
      receiveCount: 1,
    };
    const { attributes: sent } = deadLetterOf(message, 'jobs', 'poison', new Error('x'.repeat(5000)));
    expect(Object.keys(sent)).toEqual([...Object.keys(attributes), 'dlqReason', 'dlqError']);
    expect(sent.dlqReason?.StringValue).toBe('poison');
    expect(sent.dlqError?.StringValue).toHaveLength(1000);
  });
});

describe('the marks in the table', () => {
  it('count each delivery once, however often the call is sent, and each message by itself', async () => {
    await dynamodb.send(
      new CreateTableCommand({
        TableName: 'marks',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
      }),
    );
    const marks = dynamoMarks(dynamodb, 'marks', 'convert', () => 1000);
    expect(await marks.read('jobs', 'm')).toEqual({ failed: 0, released: 0 });
    await marks.mark('jobs', 'm', 1, 'failed');
    await marks.mark('jobs', 'm', 1, 'failed');
    await marks.mark('jobs', 'm', 2, 'released');
    await marks.mark('jobs', 'm', 3, 'failed');
    expect(await marks.read('jobs', 'm')).toEqual({ failed: 2, released: 1 });
    expect(await marks.read('jobs', 'other')).toEqual({ failed: 0, released: 0 });
    const key = { pk: { S: 'SVC#convert' }, sk: { S: 'ATTEMPT#jobs#m' } };
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: 'marks', Key: key }));
    expect(Item?.ttl?.N).toBe(String(1000 + 14 * 86_400));
  });
});
