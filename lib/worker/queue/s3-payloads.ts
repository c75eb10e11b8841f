import type { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { PermanentFailure } from '../handlers/permanent-failure.ts';
import type { Job } from '../job.ts';

/** The body of a message whose attribute `payload` is `s3` (docs/architecture.md, "Jobs"). */
const reference = z.object({ s3Key: z.string().min(1), bytes: z.number() });

/**
 * Fetches the payloads that are too large for a message. Absent bucket: a job that needs it fails for good, and says
 * so. The client is made with the first such job.
 */
export const s3Payloads = (
  bucket: string | undefined,
  client: () => Promise<S3Client> = newClient,
): ((job: Job, signal: AbortSignal) => Promise<Job>) => {
  let opened: Promise<S3Client> | undefined;
  return async (job, signal) => {
    if (job.attributes.payload !== 's3') return job;
    if (bucket === undefined) throw lost('its payload lies in S3, but SLUICE_JOBS_BUCKET is not set');
    const { s3Key } = referenceOf(job.body);
    opened ??= client();
    const s3 = await opened;
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    try {
      const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: s3Key }), { abortSignal: signal });
      return { ...job, body: (await object.Body?.transformToString()) ?? '' };
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') throw lost(`its payload ${s3Key} is gone`, error);
      throw error;
    }
  };
};

const referenceOf = (body: string): z.infer<typeof reference> => {
  try {
    return reference.parse(JSON.parse(body));
  } catch (cause) {
    throw lost('its body is no reference { s3Key, bytes }', cause);
  }
};

const lost = (message: string, cause?: unknown): PermanentFailure =>
  new PermanentFailure(message, { reason: 'invalidPayload', cause });

const newClient = async (): Promise<S3Client> => {
  const { S3Client } = await import('@aws-sdk/client-s3');
  return new S3Client({});
};
