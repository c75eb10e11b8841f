import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** What the queue itself says. Delayed messages (a job that waits for its next try) count as queued. */
export const readQueueCounts = async (
  sqs: SQSClient,
  url: string,
): Promise<{ readonly queued: number; readonly running: number }> => {
  const answer = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  const counts = answer.Attributes ?? {};
  return {
    queued: Number(counts.ApproximateNumberOfMessages ?? 0) + Number(counts.ApproximateNumberOfMessagesDelayed ?? 0),
    running: Number(counts.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
};

const resultPrefix = 'results/';

/** Ids of the jobs that have a result, `results/<jobId>.json`. */
export const readResultIds = async (s3: S3Client, bucket: string): Promise<ReadonlySet<string>> => {
  const ids = new Set<string>();
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: resultPrefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    for (const object of page.Contents ?? []) ids.add((object.Key ?? '').slice(resultPrefix.length, -'.json'.length));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return ids;
};

/** Ids of the jobs in a dead-letter queue. Looks at all of them and leaves them there, visible. */
export const readDeadJobIds = async (sqs: SQSClient, url: string): Promise<ReadonlySet<string>> => {
  const seen: Message[] = [];
  for (;;) {
    const page = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 60,
        MessageAttributeNames: ['jobId'],
      }),
    );
    if (page.Messages === undefined || page.Messages.length === 0) break;
    seen.push(...page.Messages);
  }
  await Promise.all(seen.map((message) => putBack(sqs, url, message)));
  return new Set(seen.map((message) => message.MessageAttributes?.jobId?.StringValue ?? message.MessageId ?? ''));
};

const putBack = async (sqs: SQSClient, url: string, message: Message): Promise<void> => {
  await sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: url,
      ReceiptHandle: message.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  );
};
