import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createRandom } from '../../simulate/random.ts';
import type { WorkloadJob } from '../../simulate/workload.ts';

/** A handful of payloads serves all jobs: sizes are rounded to powers of two. */
export const payloadKey = (payloadBytes: number): string => `payloads/${roundedBytes(payloadBytes)}.txt`;

/** Uploads each payload that some job of the workload names. */
export const uploadPayloads = async (s3: S3Client, bucket: string, workload: readonly WorkloadJob[]): Promise<void> => {
  const sizes = new Set(workload.map((job) => roundedBytes(job.payloadBytes)));
  await Promise.all(
    [...sizes].map((bytes) =>
      s3.send(new PutObjectCommand({ Bucket: bucket, Key: payloadKey(bytes), Body: payloadText(bytes) })),
    ),
  );
};

const roundedBytes = (bytes: number): number => 2 ** Math.round(Math.log2(Math.max(1, bytes)));

/** Text that compresses like text: words drawn from a small vocabulary. */
export const payloadText = (bytes: number): string => {
  const random = createRandom(bytes);
  const words = Array.from({ length: 512 }, () => random.integer(36 ** 6).toString(36));
  let text = '';
  while (text.length < bytes) text += `${words[Math.floor(random.uniform() ** 2 * words.length)]} `;
  return text.slice(0, bytes);
};
