import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** The least that a consumer can do: receive ten, delete ten, in as many loops at a time as its first argument says. */
const sqs = new SQSClient({});
const QueueUrl = process.env.BENCH_QUEUE_URL ?? '';
const jobs = Number(process.env.BENCH_JOBS);
let done = 0;

const loop = async (): Promise<void> => {
  while (done < jobs) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) continue;
    await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: ReceiptHandle ?? '',
        })),
      }),
    );
    done += Messages.length;
  }
};

const startedAt = performance.now();
await Promise.all(Array.from({ length: Number(process.argv[2] ?? 1) }, loop));
process.send?.({
  jobsPerSecond: (1000 * done) / (performance.now() - startedAt),
  rssBytes: process.memoryUsage.rss(),
  cpuMs: process.cpuUsage().user / 1000,
});
