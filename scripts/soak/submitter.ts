import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoJobStore } from '../../lib/jobs/dynamo-job-store.ts';
import { sqsJobSender } from '../../lib/jobs/job-sender.ts';
import { payloadBucket } from '../../lib/jobs/payload-bucket.ts';
import { submitJob } from '../../lib/jobs/submit-job.ts';

// Submits units from the one it is told on, as the job API does, and says on stdout which are accepted. Whoever starts
// it anew after a kill lets it begin with the first that nobody heard of: the ids are the same each time.
const { SOAK_FROM = '0', SOAK_TO = '0', SOAK_TABLE = '', SOAK_QUEUE_URL = '' } = process.env;
const dynamo = new DynamoDBClient();
const store = new DynamoJobStore({ dynamo, table: SOAK_TABLE, bucket: payloadBucket(undefined, undefined) });
const sender = sqsJobSender(new SQSClient(), async () => SOAK_QUEUE_URL);

const most = 300;
let next = Number(SOAK_FROM);

const submitter = async (): Promise<void> => {
  while (next < Number(SOAK_TO)) {
    const unit = next;
    next += 1;
    const now = Date.now() / 1000;
    const job = {
      tenant: 'soak',
      jobId: `unit-${unit}`,
      type: 'extract',
      queue: 'extract',
      payload: JSON.stringify({ unit }),
      submittedAt: now,
      expiresAt: now + 86_400,
    };
    await submitJob(store, sender, job, now);
    process.stdout.write(`${unit}\n`);
    while (unit % 20 === 0 && (await store.backlog('extract')) > most) await delay(100);
  }
};
process.on('disconnect', () => process.exit(0));
await Promise.all(Array.from({ length: 4 }, submitter));
process.exit(0);
