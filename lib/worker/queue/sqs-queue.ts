import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type MessageAttribute, type QueuePort, ReceiptLost, type ReceivedMessage } from '../ports.ts';

/** The queue port on real SQS. */
export const sqsQueue = (client: SQSClient): QueuePort => ({
  receive: async (queueUrl, request, signal) => {
    const answer = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: request.max,
        WaitTimeSeconds: request.waitSeconds,
        VisibilityTimeout: request.visibilitySeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: [
          'SentTimestamp',
          'ApproximateReceiveCount',
          'ApproximateFirstReceiveTimestamp',
          'MessageGroupId',
        ],
      }),
      { abortSignal: signal },
    );
    return (answer.Messages ?? []).map(receivedMessage);
  },
  deleteBatch: async (queueUrl, receiptHandles) => {
    const answer = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
    // A fault of the sender (a dead handle) does not get better by trying again.
    return (answer.Failed ?? [])
      .filter((failed) => failed.SenderFault !== true)
      .flatMap((failed) => receiptHandles[Number(failed.Id)] ?? []);
  },
  changeVisibility: async (queueUrl, receiptHandle, seconds) => {
    try {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    } catch (error) {
      throw isLost(error) ? new ReceiptLost({ cause: error }) : error;
    }
  },
  counts: async (queueUrl) => {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...counters] }),
    );
    const [visible, inFlight, delayed] = counters.map((name) => Number(Attributes[name] ?? 0));
    return { visible: visible ?? 0, inFlight: inFlight ?? 0, delayed: delayed ?? 0 };
  },
  send: async (queueUrl, message) => {
    const fifo = queueUrl.endsWith('.fifo');
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: message.body,
        MessageAttributes: { ...message.attributes },
        // A FIFO queue wants both; a standard one knows groups, but refuses to deduplicate.
        MessageGroupId: fifo ? (message.groupId ?? 'none') : message.groupId,
        MessageDeduplicationId: fifo ? message.deduplicationId : undefined,
      }),
    );
  },
});

const counters = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

const receivedMessage = (message: Message): ReceivedMessage => {
  const system = message.Attributes ?? {};
  const typed = message.MessageAttributes ?? {};
  const attributes = Object.entries(typed).flatMap(([name, value]) =>
    value.StringValue === undefined ? [] : [[name, value.StringValue] as const],
  );
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: Object.fromEntries(attributes),
    sentAt: Number(system.SentTimestamp) / 1000,
    firstReceivedAt: Number(system.ApproximateFirstReceiveTimestamp ?? system.SentTimestamp) / 1000,
    receiveCount: Number(system.ApproximateReceiveCount ?? 1),
    ...(Object.values(typed).every((value) => value.DataType === 'String') ? {} : { typedAttributes: typedOf(typed) }),
    ...(system.MessageGroupId === undefined ? {} : { groupId: system.MessageGroupId }),
  };
};

const typedOf = (
  attributes: Readonly<Record<string, MessageAttributeValue>>,
): Readonly<Record<string, MessageAttribute>> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType = 'String', StringValue, BinaryValue }]) => [
      name,
      {
        DataType,
        ...(StringValue === undefined ? {} : { StringValue }),
        ...(BinaryValue === undefined ? {} : { BinaryValue }),
      },
    ]),
  );

/** `InvalidParameterValue` is what SQS says of a message that was deleted, or that would pass its 12 hours. */
const lostNames = new Set([
  'MessageNotInflight',
  'ReceiptHandleIsInvalid',
  'InvalidParameterValue',
  'InvalidParameterValueException',
]);
const isLost = (error: unknown): boolean => error instanceof Error && lostNames.has(error.name);
