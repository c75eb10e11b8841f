import { setTimeout as delay } from 'node:timers/promises';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Job } from '../../lib/worker/job.ts';
import { runWorker } from '../../lib/worker/run-worker.ts';

/**
 * A stage of the pipeline: takes its time, then hands the job to the next stage under the same id. It may do so twice
 * (SQS delivers at least once), so each stage must stand that.
 */
export const runStage = async ({ seconds }: { readonly seconds: (job: Job) => number }): Promise<void> => {
  const next = process.env.NEXT_QUEUE_URL;
  const sqs = new SQSClient({});
  await runWorker({
    sqs,
    handler: async (job, { signal }) => {
      await delay(seconds(job) * 1000, undefined, { signal });
      if (next === undefined) return;
      const message = new SendMessageCommand({
        QueueUrl: next,
        MessageBody: job.body,
        MessageAttributes: { jobId: { DataType: 'String', StringValue: job.id } },
      });
      await sqs.send(message, { abortSignal: signal });
    },
  });
};
