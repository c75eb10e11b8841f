import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/** What is written once under its name, and read back. */
export interface ReportFiles {
  /** Undefined: it is not there. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** `kept`: there is one already, and it stays, whatever is in it. */
  writeOnce(key: string, body: Uint8Array, contentType: string): Promise<'written' | 'kept'>;
}

/** Objects of a bucket. Rejects with the SDK's error. */
export const s3ReportFiles = (s3: S3Client, bucket: string): ReportFiles => ({
  read: async (key) => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  },
  writeOnce: async (key, body, contentType) => {
    try {
      await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType, IfNoneMatch: '*' }),
      );
      return 'written';
    } catch (error) {
      // 409: another attempt is writing it at this moment.
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === 412 || status === 409) return 'kept';
      throw error;
    }
  },
});
