import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { DynamoJobStore } from '../../lib/jobs/dynamo-job-store.ts';
import type { JobStore } from '../../lib/jobs/job-store.ts';
import { payloadBucket } from '../../lib/jobs/payload-bucket.ts';
import { jobStoreSuite } from '../jobs/job-store-suite.ts';
import { createJobsTable } from '../jobs/jobs-table.ts';
import { credentials, region } from './lane-environment.ts';
import { type Moto, startMoto } from './moto.ts';

/** A second opinion on what DynamoDB does with the store's conditions: the same suite as against dynalite. */
const folder = mkdtempSync(join(tmpdir(), 'sluice-jobs-moto-'));
let moto: Moto;
let store: JobStore;
beforeAll(async () => {
  moto = await startMoto(folder);
  const client = { endpoint: moto.endpoint, region, credentials };
  const dynamo = new DynamoDBClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  await createJobsTable(dynamo, 'jobs');
  await s3.send(new CreateBucketCommand({ Bucket: 'jobs' }));
  store = new DynamoJobStore({ dynamo, table: 'jobs', bucket: payloadBucket(s3, 'jobs') });
});
afterAll(async () => {
  await moto.stop();
  rmSync(folder, { recursive: true, force: true });
});

// moto checks a condition and writes in two steps, with threads between them: two writers may both win.
jobStoreSuite('the job store on moto, one writer at a time', () => store, { races: false });
