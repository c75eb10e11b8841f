import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { checkProperties } from '../check-properties.ts';
import type { Creator } from '../creator.ts';
import { physicalName } from '../physical-name.ts';

const withoutLocalEffect = [
  'AccessControl',
  'BucketEncryption',
  'LifecycleConfiguration',
  'LoggingConfiguration',
  'ObjectLockEnabled',
  'OwnershipControls',
  'PublicAccessBlockConfiguration',
  'VersioningConfiguration',
];

/** `Ref` is the name. Life cycle and versions have no effect: a local run is too short for them. */
export const createBucket: Creator = async (resource, context) => {
  checkProperties(resource, ['BucketName'], withoutLocalEffect);
  const { BucketName } = resource.properties;
  const name =
    typeof BucketName === 'string' ? BucketName : physicalName(resource.stack, resource.logicalId, 63).toLowerCase();
  await context.clients.s3.send(new CreateBucketCommand({ Bucket: name }));
  const host = `${name}.s3.amazonaws.com`;
  return {
    ref: name,
    attributes: { Arn: `arn:aws:s3:::${name}`, DomainName: host, RegionalDomainName: host },
  };
};
