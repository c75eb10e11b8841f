import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { BadInput } from '../model/bad-input.ts';
import type { Payload } from '../model/job-record.ts';
import type { JobRef } from './job-store.ts';

/** More than this does not fit beside the rest into an item of 400 KB that is written three times a job. */
export const inlineBytesMax = 100_000;

/** Where texts lie that are too large for the record. */
export interface PayloadBucket {
  keep(kind: 'payloads' | 'results', ref: JobRef, text: string): Promise<Payload>;
  read(payload: Payload): Promise<string>;
}

/** @param bucket absent: nothing above 100 KB is taken */
export const payloadBucket = (s3: S3Client | undefined, bucket: string | undefined): PayloadBucket => ({
  keep: async (kind, ref, text) => {
    const bytes = Buffer.byteLength(text);
    if (bytes <= inlineBytesMax) return { inline: text };
    if (s3 === undefined || bucket === undefined) throw noBucket(kind, bytes);
    // By content: whoever uses an id twice does not change what was accepted first.
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
    const s3Key = `${kind}/${ref.tenant}/${ref.jobId}/${digest}`;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: s3Key, Body: text, ContentType: 'application/json' }));
    return { s3Key, bytes };
  },
  read: async (payload) => {
    if ('inline' in payload) return payload.inline;
    if (s3 === undefined || bucket === undefined) throw noBucket('payloads', payload.bytes);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: payload.s3Key }));
    return (await Body?.transformToString()) ?? '';
  },
});

const noBucket = (kind: string, bytes: number): BadInput =>
  new BadInput([
    {
      path: kind === 'results' ? 'result' : 'payload',
      found: `${bytes} bytes`,
      expected: `at most ${inlineBytesMax} bytes where there is no job bucket`,
      mend: 'Give the process SLUICE_JOBS_BUCKET, or pass a reference instead of the content.',
    },
  ]);
