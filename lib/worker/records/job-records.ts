import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { DynamoJobStore } from '../../jobs/dynamo-job-store.ts';
import { jobLife } from '../../jobs/job-life.ts';
import { sqsJobSender } from '../../jobs/job-sender.ts';
import { dynamoOnce } from '../../jobs/once.ts';
import { payloadBucket } from '../../jobs/payload-bucket.ts';
import { dynamoWorkflowStore } from '../../jobs/workflow/workflow-store.ts';
import { BadInput } from '../../model/bad-input.ts';
import type { Clock } from '../clock.ts';
import type { JobLifecycle } from '../ports.ts';
import type { WorkerQueue } from '../queue/poll-order.ts';
import { type OnceOf, onceOf } from './once-of.ts';
import { recordLifecycle } from './record-lifecycle.ts';

export interface JobRecords {
  readonly lifecycle: JobLifecycle;
  readonly once: OnceOf;
}

/**
 * The jobs table as the worker's environment names it (docs/architecture.md, "Jobs"). `undefined`: the service keeps
 * no records.
 * @throws BadInput when SLUICE_NEXT_QUEUES does not read
 */
export const jobRecords = (parts: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly queues: readonly WorkerQueue[];
  readonly sqs: SQSClient;
  readonly clock: Clock;
}): JobRecords | undefined => {
  const { environment, queues, sqs, clock } = parts;
  const table = environment.SLUICE_JOBS_TABLE;
  if (table === undefined || table === '') return undefined;
  const dynamo = newClient();
  const name = environment.SLUICE_JOBS_BUCKET;
  const bucket = payloadBucket(name === undefined || name === '' ? undefined : new S3Client(), name);
  const store = new DynamoJobStore({ dynamo, table, bucket });
  const urls = new Map(
    [...queues, ...nextQueues(environment.SLUICE_NEXT_QUEUES)].map((queue) => [queue.name, queue.url]),
  );
  const sender = sqsJobSender(sqs, async (queue) => urls.get(queue));
  const life = jobLife({ store, sender, workflows: dynamoWorkflowStore(dynamo, table) });
  return {
    lifecycle: recordLifecycle({ life, store, clock, knownQueues: new Set(urls.keys()) }),
    once: onceOf(dynamoOnce(dynamo, table), clock),
  };
};

/** Unlike the beacon's writes these may be repeated. */
const newClient = (): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });

const nextQueuesSchema = z.array(z.object({ name: z.string().min(1), url: z.string().min(1) }));

const nextQueues = (text: string | undefined): z.output<typeof nextQueuesSchema> => {
  if (text === undefined || text === '') return [];
  try {
    return nextQueuesSchema.parse(JSON.parse(text));
  } catch {
    throw new BadInput([
      {
        path: 'SLUICE_NEXT_QUEUES',
        found: JSON.stringify(text.slice(0, 80)),
        expected: 'a JSON list of { name, url }',
        mend: 'Leave it to the template: `worker.sendsTo` in the config.',
      },
    ]);
  }
};
