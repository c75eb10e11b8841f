import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Payload } from '../../../model/job-record.ts';
import type { Seconds } from '../../../model/units.ts';

/** Large payloads and results go past the API, by URLs that are good for one object and a few minutes. */
export interface Uploads {
  /** Where to PUT the payload. */
  uploadUrl(tenant: string, uploadId: string, bytes: number): Promise<string>;
  /** What lies there. Undefined: nothing, or of another tenant. */
  find(tenant: string, uploadId: string): Promise<Extract<Payload, { readonly s3Key: string }> | undefined>;
  downloadUrl(s3Key: string): Promise<string>;
}

/** The function's credentials may end before a longer one would. */
export const urlSeconds: Seconds = 900;

export const s3Uploads = (s3: S3Client, bucket: string): Uploads => ({
  uploadUrl: (tenant, uploadId, bytes) =>
    getSignedUrl(
      s3,
      new PutObjectCommand({
        Bucket: bucket,
        Key: keyOf(tenant, uploadId),
        ContentLength: bytes,
        ContentType: 'application/json',
      }),
      // Signed, so that S3 refuses another length than the announced one.
      { expiresIn: urlSeconds, signableHeaders: new Set(['host', 'content-length', 'content-type']) },
    ),
  find: async (tenant, uploadId) => {
    const s3Key = keyOf(tenant, uploadId);
    try {
      const { ContentLength = 0 } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: s3Key }));
      return { s3Key, bytes: ContentLength };
    } catch (error) {
      // Without the right to list, S3 says 403 of what is not there.
      if (statusOf(error) === 404 || statusOf(error) === 403) return undefined;
      throw error;
    }
  },
  downloadUrl: (s3Key) =>
    getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key: s3Key }), { expiresIn: urlSeconds }),
});

const keyOf = (tenant: string, uploadId: string): string => `uploads/${tenant}/${uploadId}`;

const statusOf = (error: unknown): number | undefined =>
  (error as { readonly $metadata?: { readonly httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
