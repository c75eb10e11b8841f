import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Job, JobContext } from '../../lib/worker/job.ts';

export interface Store {
  readonly s3: S3Client;
  readonly bucket: string;
}

/** What a job's message says: which payload, and how long the whole job takes. */
interface JobBody {
  readonly payloadKey: string;
  readonly seconds: number;
}

/**
 * One job: fetches its payload, compresses and hashes it, and writes the result. The rest of its time it waits, as
 * a job waits for a remote service. It may run twice (SQS delivers at least once): the result is the same.
 */
export const handleJob = async ({ s3, bucket }: Store, job: Job, { signal }: JobContext): Promise<void> => {
  const startedAt = performance.now();
  const { payloadKey, seconds } = JSON.parse(job.body) as JobBody;
  const abort = { abortSignal: signal };

  const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: payloadKey }), abort);
  const payload = (await object.Body?.transformToByteArray()) ?? new Uint8Array();
  const compressed = await promisify(deflate)(payload);
  const result = {
    jobId: job.id,
    payloadKey,
    bytes: payload.length,
    compressedBytes: compressed.length,
    sha256: createHash('sha256').update(compressed).digest('hex'),
  };

  const workedMs = performance.now() - startedAt;
  await delay(Math.max(0, seconds * 1000 - workedMs), undefined, { signal });
  await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: `results/${job.id}.json`, Body: JSON.stringify(result) }),
    abort,
  );
};
