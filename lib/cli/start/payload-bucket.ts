import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { LocalCloud } from '../../local/local-cloud.ts';

export interface PayloadBucket {
  readonly name: string;
  /** The template's own bucket: its workers write a result there for each job, which is the best proof that it is done. */
  readonly hasResults: boolean;
}

/** Where the payloads of the jobs go: the bucket of the app, or one beside it when the app has none. */
export const findPayloadBucket = async (cloud: LocalCloud): Promise<PayloadBucket> => {
  const own = cloud.resources.all.filter(({ type }) => type === 'AWS::S3::Bucket');
  const payloads = own.find(({ logicalId }) => logicalId.startsWith('Payloads'));
  if (payloads !== undefined) return { name: payloads.ref, hasResults: true };
  const name = 'sluice-local-payloads';
  await cloud.clients.s3.send(new CreateBucketCommand({ Bucket: name }));
  return { name, hasResults: false };
};
