import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type QueuePort, ReceiptLost, type ReceivedMessage } from './ports.ts';

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
});

const receivedMessage = (message: Message): ReceivedMessage => {
  const system = message.Attributes ?? {};
  const attributes = Object.entries(message.MessageAttributes ?? {}).flatMap(([name, value]) =>
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
    ...(system.MessageGroupId === undefined ? {} : { groupId: system.MessageGroupId }),
  };
};

/** `InvalidParameterValue` is what SQS says of a message that was deleted, or that would pass its 12 hours. */
const lostNames = new Set([
  'MessageNotInflight',
  'ReceiptHandleIsInvalid',
  'InvalidParameterValue',
  'InvalidParameterValueException',
]);
const isLost = (error: unknown): boolean => error instanceof Error && lostNames.has(error.name);
