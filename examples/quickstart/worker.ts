import { S3Client } from '@aws-sdk/client-s3';
import { runWorker } from '../../lib/worker/run-worker.ts';
import { handleJob } from './handle-job.ts';

const bucket = process.env.PAYLOAD_BUCKET;
if (bucket === undefined) throw new Error('PAYLOAD_BUCKET is not set; app.ts gives it to the container.');

const s3 = new S3Client({});
await runWorker({ handler: (job, context) => handleJob({ s3, bucket }, job, context) });
