import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { DynamoJobStore } from '../../lib/jobs/dynamo-job-store.ts';
import type { JobStore } from '../../lib/jobs/job-store.ts';
import { inlineBytesMax, type PayloadBucket, payloadBucket } from '../../lib/jobs/payload-bucket.ts';
import { type MessagingEmulator, startMessaging } from '../../lib/local/emulators/start-messaging.ts';
import { localCredentials } from '../act/local-table.ts';
import { MemoryDynamo } from './dynamo/memory-dynamo.ts';
import { jobStoreSuite } from './job-store-suite.ts';
import { type JobsTable, startJobsTable } from './jobs-table.ts';
import { MemoryJobStore } from './memory-job-store.ts';

let table: JobsTable;
let messaging: MessagingEmulator;
let store: JobStore;
beforeAll(async () => {
  [table, messaging] = await Promise.all([startJobsTable(), startMessaging('us-east-1')]);
  const s3 = new S3Client({
    endpoint: messaging.endpoint,
    region: 'us-east-1',
    credentials: localCredentials,
    forcePathStyle: true,
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'jobs' }));
  store = new DynamoJobStore({ dynamo: table.client, table: table.name, bucket: payloadBucket(s3, 'jobs') });
});
afterAll(() => Promise.all([table.close(), messaging.stop()]));

jobStoreSuite('the job store on DynamoDB', () => store);
const memory = new MemoryJobStore();
jobStoreSuite('the job store in memory', () => memory);

const inMemory = new DynamoJobStore({
  dynamo: new MemoryDynamo().client,
  table: 'jobs',
  bucket: {
    keep: (kind, ref, text) => memoryBucket.keep(kind, ref, text),
    read: (payload) => memoryBucket.read(payload),
  },
});
const texts = new Map<string, string>();
const memoryBucket: PayloadBucket = {
  keep: async (kind, ref, text) => {
    if (Buffer.byteLength(text) <= inlineBytesMax) return { inline: text };
    const s3Key = `${kind}/${ref.tenant}/${ref.jobId}`;
    texts.set(s3Key, text);
    return { s3Key, bytes: Buffer.byteLength(text) };
  },
  read: async (payload) => ('inline' in payload ? payload.inline : (texts.get(payload.s3Key) ?? '')),
};
jobStoreSuite('the job store on the table in memory', () => inMemory);
